"""SageMaker's records across a restart; ministack keeps the other services' itself.

What was on its way does not go on: labeling jobs are stopped before, so that all that was answered is written, and what
else was in between has failed.
"""

from __future__ import annotations

import pickle
import time
from pathlib import Path

from localcloud.ground_truth import labeling_jobs
from localcloud.sagemaker import store
from localcloud.sagemaker.store import Record

_FILE = "sagemaker.pickle"
_STOP_SECONDS = 5.0
_RESTARTED = "InternalServerError: the local cloud was restarted"
_BETWEEN = {"Pending": "Failed", "Updating": "Update_Failed", "Deleting": "Delete_Failed"}


def stop_work() -> None:
    """Labeling jobs end, with what is labeled by then. Waits for them some seconds."""
    running = [run for run in labeling_jobs.runs() if run.is_open()]
    for run in running:
        run.stop()
    deadline = time.monotonic() + _STOP_SECONDS
    while any(run.record["LabelingJobStatus"] == "Stopping" for run in running) and time.monotonic() < deadline:
        time.sleep(0.05)


def save(folder: Path) -> None:
    tables = {kind: dict(store.table(kind)) for kind in store.kinds() if kind != labeling_jobs.RUNS}
    folder.mkdir(parents=True, exist_ok=True)
    (folder / _FILE).write_bytes(pickle.dumps(tables))


def load(folder: Path) -> None:
    """Nothing where nothing was kept."""
    file = folder / _FILE
    if not file.exists():
        return
    for kind, records in pickle.loads(file.read_bytes()).items():  # noqa: S301  (written by `save`)
        store.table(kind).update(records)
        for record in records.values():
            _settle(record)
    labeling_jobs.restore()


def _settle(record: Record) -> None:
    for member, between in (
        ("Status", _BETWEEN),
        ("ProcessingJobStatus", {"InProgress": "Failed", "Stopping": "Failed"}),
    ):
        if record.get(member) in between:
            record |= {member: between[record[member]], "FailureReason": _RESTARTED}
