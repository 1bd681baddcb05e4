"""One host's part of a version: its files, and `parts/<host>/` with what was made, written row by row."""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import platform
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from augmentation.medium import libraries_of
from augmentation.result import SourceResult
from augmentation.shards import Packer
from augmentation.writers import write_file
from domain.jsonlines import dump_line
from domain.labels.rows import LabelRow
from domain.plan.plan import Plan
from domain.recipe.splits import TRAIN, by_hash
from domain.report.rejects import few

SAMPLED_SOURCES = 8
SAMPLED_DISPUTES = 6
SAMPLED_REFUSALS = 12
MANIFEST, QUARANTINE, SAMPLES, PART = "manifest.jsonl", "quarantine.jsonl", "samples.jsonl", "part.json"


@dataclass(frozen=True)
class PartSummary:
    """How much was made of how many files."""

    sources: int
    outputs: int
    quarantined: int


def write_part(
    folder: Path,
    results: Iterable[SourceResult],
    facts: dict[str, Any],
    progress: Callable[[int, int], None],
    packer: Packer | None = None,
) -> PartSummary:
    """Streams the results into `folder`, and outputs into shards; `progress(sources, outputs)` follows each source."""
    folder.mkdir(parents=True, exist_ok=True)
    began = time.monotonic()
    rejects: dict[str, dict[str, Any]] = {}
    sources = outputs = quarantined = 0
    with _lines(folder, MANIFEST) as manifest, _lines(folder, QUARANTINE) as bad, _lines(folder, SAMPLES) as samples:
        for result in results:
            sources += 1
            outputs += len(result.rows)
            rows = packer.add(result.rows, result.files) if packer else result.rows
            manifest.writelines(f"{dump_line(row)}\n" for row in rows)
            if result.quarantine:
                quarantined += 1
                bad.write(f"{dump_line(result.quarantine)}\n")
            if result.sample and result.sample.get("rejected"):
                rejects = few({**rejects, result.sample["source"]: result.sample})
            elif result.sample:
                samples.write(f"{dump_line(result.sample)}\n")
            progress(sources, outputs)
        samples.writelines(f"{dump_line(row)}\n" for row in rejects.values())
    if packer:
        packer.close()
    summary = PartSummary(sources, outputs, quarantined)
    seconds = round(time.monotonic() - began, 3)
    part = {**facts, "sources": sources, "outputs": outputs, "quarantined": quarantined, "seconds": seconds}
    write_file(folder / PART, (json.dumps(part, indent=2, sort_keys=True) + "\n").encode())
    return summary


def read_summary(folder: Path) -> PartSummary:
    """Of a part that is whole."""
    part = json.loads((folder / PART).read_text(encoding="utf-8"))
    return PartSummary(part["sources"], part["outputs"], part["quarantined"])


def _lines(folder: Path, name: str) -> IO[str]:
    return (folder / name).open("w", encoding="utf-8", newline="\n")


def facts(plan: Plan, recipe_text: str) -> dict[str, Any]:
    """What decides the bytes besides the sources; equal on every host of a run."""
    versions = {name: importlib.metadata.version(name) for name in libraries_of(plan.recipe)}
    return {
        "seed": plan.seed,
        "recipe_sha256": hashlib.sha256(recipe_text.encode()).hexdigest(),
        **({} if plan.recipe.medium == "image" else {"medium": plan.recipe.medium}),
        "libraries": {"python": platform.python_version(), **versions},
    }


def choose_refused(plan: Plan) -> frozenset[str]:
    """Up to 12 of the sources that have no label: shown in the report, they say what the labelers had before them."""
    return frozenset(by_hash(plan.refused, salt="refused")[:SAMPLED_REFUSALS])


def choose_disputed(plan: Plan, labels: Iterable[LabelRow]) -> frozenset[str]:
    """Up to 6 labeled sources about which the workers did not agree."""
    names = (row.object for row in labels if row.object in plan.classes and len({vote.label for vote in row.votes}) > 1)
    return frozenset(by_hash(names)[:SAMPLED_DISPUTES])


def choose_samples(plan: Plan) -> frozenset[str]:
    """Up to 8 training sources for the report's contact sheet, the classes in turn."""
    queues = []
    for label in sorted(set(plan.classes.values())):
        members = (source for source, own in plan.classes.items() if own == label and plan.splits[source] == TRAIN)
        queues.append(by_hash(members, salt="samples"))
    chosen: list[str] = []
    while len(chosen) < SAMPLED_SOURCES and any(queues):
        chosen += [queue.pop(0) for queue in queues if queue]
    return frozenset(chosen[:SAMPLED_SOURCES])
