"""Peak memory and processor time of a labeling run's manifest and labels: `python -m bench.manifest [COUNT …]`.

A row a count: a first run's manifest, its labels collected, and a second run that takes all of them over. The bucket
is a folder; people's answers, which the labeling back end hands over, are none, so every object has a row without one.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from domain.labeling.collect import collect
from domain.labeling.manifest.prepare import prepare
from domain.labeling.port import LabelingResult
from domain.labels.rows import LabelRow, label_lines
from domain.workflow.names import labels_key
from domain.workflow.ports import ListedObject
from domain.workflow.runs import label_run
from domain.workflow.states import CollectRequest, LabelingJob, LabelingProgress, LabelRun

COUNTS = (10_000, 100_000, 1_000_000)
PREFIX = "raw/faces/"
TASK = {"type": "image-single-label", "question": "Is the mouth open?", "labels": ["open", "shut"]}


class Folder:
    """The data bucket: small files in a folder, and as many images as wanted in its listing only."""

    bucket = "data-bucket"

    def __init__(self, folder: Path, count: int) -> None:
        self._folder = folder
        self._count = count

    def images(self) -> Iterator[ListedObject]:
        for number in range(self._count):
            yield ListedObject(f"{PREFIX}class-{number // 1000:04}/photo_{number:07}.jpg", 40_000, f'"{number:032x}"')

    def list_objects(self, prefix: str) -> Iterator[ListedObject]:
        if prefix == PREFIX:
            return self.images()
        found = (path for path in sorted(self._folder.rglob("*")) if path.is_file())
        keys = ((path.relative_to(self._folder).as_posix(), path) for path in found)
        return (ListedObject(key, path.stat().st_size) for key, path in keys if key.startswith(prefix))

    def exists(self, key: str) -> bool:
        return (self._folder / key).exists()

    def find(self, key: str) -> str | None:
        return (self._folder / key).read_text("utf-8") if self.exists(key) else None

    def lines(self, key: str) -> Iterator[str]:
        with (self._folder / key).open(encoding="utf-8", newline="\n") as file:
            for line in file:
                yield line.removesuffix("\n")

    def write(self, key: str, text: str) -> None:
        self.write_pieces(key, [text])

    def write_pieces(self, key: str, pieces: Iterable[str]) -> None:
        path = self._folder / key
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("w", encoding="utf-8", newline="\n") as file:
            file.writelines(pieces)


class Nobody:
    """A labeling back end, and a ledger, of which nothing is wanted."""

    def result(self, *_: Any) -> LabelingResult:
        return LabelingResult()

    def record_labels(self, *_: Any) -> None: ...


def measure(count: int) -> dict[str, Any]:
    """Megabytes and seconds of processor time of each of the three; memory is the process's peak until then."""
    with tempfile.TemporaryDirectory() as name:
        store: Any = Folder(Path(name), count)
        first, second = _run("run-1"), _run("run-2")
        built, told = _timed("manifest", lambda: prepare(first, "", store, count))
        progress = LabelingProgress(status="Stopped", finished=True)
        request = CollectRequest(
            run=first, manifest=built, job=LabelingJob(name="job", created_here=True), progress=progress
        )
        nobody: Any = Nobody()
        told |= _timed("labels", lambda: collect(request, nobody, store, nobody))[1]
        store.write_pieces(labels_key("faces", "run-1"), label_lines(_labeled(store)))
        again, more = _timed("second run", lambda: prepare(second, "", store, count))
        if (built.accepted, again.reused) != (count, count):
            raise SystemExit(f"{built.accepted} of {count} objects were accepted, {again.reused} taken over")
        return told | more


def _run(run_id: str) -> LabelRun:
    given = {"dataset": "faces", "run_id": run_id, "task": TASK, "recipe": "recipes/faces.yaml"}
    return label_run(given, "execution")


def _labeled(store: Folder) -> Iterator[LabelRow]:
    for item in store.images():
        source, ref = item.key.removeprefix(PREFIX), f"s3://{store.bucket}/{item.key}"
        yield LabelRow(source=source, source_ref=ref, status="labeled", label="open", labels=("open",), method="human")


def _timed(name: str, work: Callable[[], Any]) -> tuple[Any, dict[str, Any]]:
    begun = time.process_time()
    done = work()
    seconds = time.process_time() - begun
    status = Path("/proc/self/status").read_text("utf-8").splitlines()
    peak = next(line for line in status if line.startswith("VmHWM"))
    return done, {name: {"peak_mb": int(peak.split()[1]) // 1024, "seconds": round(seconds, 1)}}


def main(arguments: list[str]) -> None:
    for count in map(int, arguments or map(str, COUNTS)):
        code = f"import json; from bench.manifest import measure; print(json.dumps(measure({count})))"
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603
        found = json.loads(done.stdout).items()
        told = ", ".join(f"{name} {part['peak_mb']} MB and {part['seconds']} s" for name, part in found)
        sys.stderr.write(f"{count:,} objects: {told}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
