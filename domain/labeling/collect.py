"""The end of a labeling run: write `labels.jsonl`, tell the ledger, report the counts.

Where workers are weighed, `workers.json` stands beside it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timezone
from functools import partial
from itertools import chain

from domain.errors import LabelingFailed
from domain.jsonlines import Repeatable
from domain.labeling.consensus import is_weighed, reach, with_decisions
from domain.labeling.gold import asked_gold
from domain.labeling.manifest.input_manifest import Manifest, read_manifest
from domain.labeling.port import Labeler, LabelingResult
from domain.labeling.rows import label_rows
from domain.labels.rows import LabelCounts, LabelRow, each_label, label_lines
from domain.labels.tally import Tally
from domain.workflow.inputs import AUTO, LabelOutput
from domain.workflow.ledger import NewestLabels
from domain.workflow.names import labels_key, reused_key, workers_key
from domain.workflow.ports import Ledger, ObjectStore
from domain.workflow.s3_uri import S3Uri
from domain.workflow.states import BuiltManifest, CollectRequest, LabelRun


def collect(request: CollectRequest, labeler: Labeler, store: ObjectStore, ledger: Ledger) -> LabelOutput:
    """Labels of a job that is over, however it ended.

    Raises:
        LabelingFailed: the job failed and nothing was labeled; `labels.jsonl` says so object by object.
    """
    run, built, progress = request.run, request.manifest, request.progress
    key, tally = labels_key(run.dataset, run.run_id), Tally()
    result = labeler.result(run, request.job.name, built) if built.accepted else LabelingResult()
    if is_weighed(run.task):
        result, workers = reach(result, run.task, asked_gold(run, store))
        store.write(workers_key(run.dataset, run.run_id), workers.model_dump_json(indent=2, exclude_none=True))
    result = with_decisions(result)
    rows = chain(
        label_rows(manifest_of(run, built, store), result, run.task, progress.status), reused_rows(run, built, store)
    )
    store.write_pieces(key, label_lines(tally.each(rows)))
    counts = tally.counts
    uri = S3Uri.of(store.bucket, key)
    if counts.labeled:
        if run.round_of is None:
            ledger.record_labels(newest(run, uri))
    elif progress.status == "Failed":
        raise LabelingFailed(_why(request, counts, uri))
    return LabelOutput(
        dataset=run.dataset,
        run_id=run.run_id,
        labels_uri=uri,
        job_name=request.job.name,
        job_status=progress.status,
        counts=counts,
        classes=dict.fromkeys(run.task.labels, 0) | tally.classes,
        reused=built.reused,
        left_out=built.left_out,
        backend="" if run.backend == AUTO else run.backend,
        cost=built.cost,
        answered=tally.answered,
    )


def manifest_of(run: LabelRun, built: BuiltManifest, store: ObjectStore) -> Manifest:
    """What `prepare` wrote of the run's objects."""
    accepted, rejected = (
        Repeatable(partial(store.lines, uri.key_in(store.bucket))) for uri in (built.manifest_uri, built.rejected_uri)
    )
    return read_manifest(accepted, rejected, store.bucket, run.source_prefix)


def reused_rows(run: LabelRun, built: BuiltManifest, store: ObjectStore) -> Iterator[LabelRow]:
    """Labels of earlier runs."""
    if not built.reused:
        return iter(())
    key = reused_key(run.dataset, run.run_id)
    return each_label(store.lines(key), f"s3://{store.bucket}/{key}")


def newest(run: LabelRun, uri: S3Uri) -> NewestLabels:
    """What the ledger is told: the data set has these labels now."""
    return NewestLabels(
        dataset=run.dataset,
        run_id=run.run_id,
        labels_uri=uri,
        source_prefix=run.source_prefix,
        label_attribute=run.task.label_attribute,
        collected=datetime.now(timezone.utc).isoformat(timespec="milliseconds"),
    )


def _why(request: CollectRequest, counts: LabelCounts, uri: S3Uri) -> str:
    reason = request.progress.failure_reason or "no reason was given"
    return f"labeling job {request.job.name} failed, none of {counts.objects} objects is labeled: {reason} (see {uri})"
