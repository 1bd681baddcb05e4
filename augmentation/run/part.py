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
from typing import IO

from augmentation.files import write_file
from augmentation.instructions import instructions
from augmentation.medium import libraries_of
from augmentation.run.result import SourceResult
from augmentation.run.shards import Packer
from domain.jsonlines import dump_line
from domain.plan.plan import Plan
from domain.report.rejects import few
from domain.rows import PartFacts, Sample

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
    facts: PartFacts,
    progress: Callable[[int, int], None],
    packer: Packer | None = None,
) -> PartSummary:
    """Streams the results into `folder`, and outputs into shards; `progress(sources, outputs)` follows each source."""
    folder.mkdir(parents=True, exist_ok=True)
    began = time.monotonic()
    rejects: dict[str, Sample] = {}
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
    part: PartFacts = {**facts, "sources": sources, "outputs": outputs, "quarantined": quarantined, "seconds": seconds}
    write_file(folder / PART, (json.dumps(part, indent=2, sort_keys=True) + "\n").encode())
    return summary


def read_summary(folder: Path) -> PartSummary:
    """Of a part that is whole."""
    part = json.loads((folder / PART).read_text(encoding="utf-8"))
    return PartSummary(part["sources"], part["outputs"], part["quarantined"])


def _lines(folder: Path, name: str) -> IO[str]:
    return (folder / name).open("w", encoding="utf-8", newline="\n")


def facts(plan: Plan, recipe_text: str) -> PartFacts:
    """What decides the bytes besides the sources; equal on every host of a run."""
    versions = {name: importlib.metadata.version(name) for name in libraries_of(plan.recipe)}
    found: PartFacts = {
        "seed": plan.seed,
        "recipe_sha256": hashlib.sha256(recipe_text.encode()).hexdigest(),
        "libraries": {"python": platform.python_version(), **versions, "instructions": instructions()},
    }
    if plan.recipe.medium != "image":
        found["medium"] = plan.recipe.medium
    return found
