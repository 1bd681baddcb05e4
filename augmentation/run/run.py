"""A run from its options to a part of a version, or to a whole version."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import NamedTuple

from augmentation.errors import UsageError
from augmentation.files import file_digest, lines_of_file, write_file, write_pieces
from augmentation.input.fingerprints import FINGERPRINTS, keep_fingerprints
from augmentation.input.host import Host
from augmentation.input.preparation import Options, Preparation
from augmentation.processes import default_processes
from augmentation.run import part as parts
from augmentation.run import resume
from augmentation.run.augmenter import Augmenter
from augmentation.run.parallel import augment_all
from augmentation.run.progress import Progress
from augmentation.run.samples import Samples
from augmentation.run.shards import Packer, wants_shards
from domain.dataset_version import ParentVersion, Part, VersionContext, VersionSummary, assemble
from domain.jsonlines import JsonLines
from domain.labels.rows import LabelRow
from domain.report import Usage
from domain.rows import DoctorFacts, ManifestRow, PartFacts
from domain.workflow.names import version_name

SUCCESS = "_SUCCESS"


@dataclass(frozen=True, kw_only=True)
class RunOptions(Options):
    """What `run` is told. With `host_config` it makes one host's part, without it a whole version."""

    output: Path
    host_config: Path | None = None
    dataset: str | None = None
    version: str | None = None
    label_attribute: str = "label"
    created: str | None = None
    resume: bool = False
    doctor: bool = False


class RunResult(NamedTuple):
    """The part that was made, and the version if the run is whole."""

    part: parts.PartSummary
    version: VersionSummary | None


Examine = Callable[[Preparation, Path], DoctorFacts]
"""Looks at what a run is about to use, and writes into the folder of the version what it finds."""


def run(options: RunOptions, *, show_progress: bool = False, examine: Examine | None = None) -> RunResult:
    """Carries the run out; with `show_progress` it tells on stderr how far it is. `examine` comes before anything is
    made, and changes nothing of it.

    Raises:
        UsageError: the recipe, the labels or a folder cannot be used.
    """
    host = Host.of(options.host_config)
    folder = options.output / "parts" / host.name
    ready = Preparation(options, host, scratch=folder)
    _check_inputs(ready)
    _check_output(options, host)
    if examine and not host.sees_all:
        raise UsageError("--doctor looks at all files on one machine, and there are several; give the job one instance")
    if host.makes_part and (folder / parts.PART).exists():
        return RunResult(parts.read_summary(folder), None)  # resumed, but there is nothing left to do
    summary = _make_part(options, host, ready, examine, show_progress=show_progress)
    if ready.fingerprints and ready.keeps_near_duplicates_together:
        keep_fingerprints(options.output / FINGERPRINTS, ready.fingerprints)  # every host writes the same
    if host.makes_part:
        resume.end(folder)
        return RunResult(summary, None)
    recipe_text, labels = ready.recipe_text, ready.labels
    del ready  # the plan goes with it, before assembly, which needs room of its own
    return RunResult(summary, _finish(options, folder, recipe_text, labels))


def _make_part(
    options: RunOptions, host: Host, ready: Preparation, examine: Examine | None, *, show_progress: bool
) -> parts.PartSummary:
    """Every file of the input, augmented or in quarantine."""
    plan, folder = ready.plan, options.output / "parts" / host.name
    facts = parts.facts(plan, ready.recipe_text)
    augmenter = Augmenter(
        plan,
        options.input,
        options.output,
        samples=Samples.of(plan, ready.labels),
        earlier=_earlier(options, host, ready, facts),
        shards=wants_shards(plan),
        passed_over=ready.files.passed_over,
        step_seconds=options.step_seconds,
    )
    processes = options.processes or default_processes()
    shown = Progress(len(ready.files), enabled=show_progress, noun=ready.recipe.noun)
    facts |= {"wanted": plan.wanted, "processes": processes, "instance_type": host.instance_type}
    _ = ready.fingerprints  # the pass, if nothing has asked for it yet
    if embeddings := ready.embeddings.keep(options.output, folder, ready.damaged.keys()):
        facts["embeddings"] = embeddings
    if examine:
        facts["doctor"] = examine(ready, options.output)
    results = augment_all(augmenter, ready.files, processes)
    packer = Packer(options.output, host.name) if augmenter.shards else None
    summary = parts.write_part(folder, results, facts, shown.update, packer)
    shown.close()
    return summary


def _earlier(options: RunOptions, host: Host, ready: Preparation, facts: PartFacts) -> resume.Earlier:
    """What a killed run into the same folder has made, as far as it still holds."""
    digests = {
        "labels, splits or near-duplicates": resume.plan_digest(ready.plan),
        "known": file_digest(options.known),
    }
    earlier = resume.begin(options.output / "parts" / host.name, {**facts, **digests}, resume=options.resume)
    earlier.forget_others(ready.files.names, options.output)
    if options.resume and not host.makes_part:  # hosts may share the folder
        earlier.forget_untold(options.output)
    return earlier


def _check_inputs(ready: Preparation) -> None:
    """Reads all that a person has written, before anything is made: the recipe's faults come first."""
    _ = ready.recipe, ready.labels, ready.known


def _check_output(options: RunOptions, host: Host) -> None:
    """A run writes into a folder of its own: files of another run in it would look like outputs."""
    output, folder = options.output, options.output / "parts" / host.name
    if output.exists() and not output.is_dir():
        raise UsageError(f"--output {output} is a file; give a folder")
    inside = options.input.resolve()
    if output.resolve() == inside or inside in output.resolve().parents:
        raise UsageError(f"--output {output} lies inside --input; the next run would augment its files again")
    if options.resume and (output / SUCCESS).exists():
        raise UsageError(f"--resume: the version in {output} is finished; give a new --output for another one")
    if options.resume and folder.is_dir():
        return
    if not host.makes_part and output.is_dir() and any(output.iterdir()):
        raise UsageError(
            f"--output {output} is not empty; give a new folder, delete this one first, "
            "or add --resume if a run into it was killed"
        )
    if (folder / parts.PART).exists():
        raise UsageError(f"--output {output} holds a part of {host.name} already; give a new folder")


def _finish(
    options: RunOptions,
    folder: Path,
    recipe_text: str,
    rows: Collection[LabelRow],
) -> VersionSummary:
    """Assembles the one part; `_SUCCESS` comes after all files, so a folder without it is not a version."""
    names = (parts.MANIFEST, parts.QUARANTINE, parts.SAMPLES)
    own = Part.from_files(
        {name: lines_of_file(folder / name) for name in names}, (folder / parts.PART).read_text("utf-8")
    )
    parent = _parent(options)
    run_id = f"seed-{options.seed}"
    context = VersionContext(
        dataset=options.dataset or _slug(options.input.resolve().name),
        version=options.version or version_name(_number(parent) + 1, run_id),
        run_id=run_id,
        uri=str(options.output.resolve()),
        created=options.created or datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"),
        recipe_text=recipe_text,
        label_attribute=options.label_attribute,
        labels=rows,
        parent=parent,
        # A run whose time is given is one that must repeat byte for byte; how long it took never does.
        usage=None if options.created else Usage.of([own.facts]),
    )
    summary = assemble([own], context, lambda name, pieces: write_pieces(options.output / name, pieces))
    write_file(options.output / SUCCESS, b"")
    shutil.rmtree(options.output / "parts")  # last: as long as it is there, a killed run can be resumed
    return summary


def _parent(options: RunOptions) -> ParentVersion | None:
    """The newest version that the earlier manifest names; versions of one data set lie side by side."""
    if options.known is None:
        return None
    rows = JsonLines[ManifestRow](lines_of_file(options.known), str(options.known))
    versions = sorted({row["version"] for row in rows if "version" in row})
    if not versions:
        return None
    folder = options.known.resolve().parent
    return ParentVersion(versions[-1], str(folder), rows, _libraries(folder / "dataset.json"))


def _libraries(dataset: Path) -> dict[str, str]:
    """What made an earlier version; nothing where its dataset.json is not beside the manifest."""
    return dict(json.loads(dataset.read_text("utf-8"))["libraries"]) if dataset.is_file() else {}


def _number(parent: ParentVersion | None) -> int:
    found = re.match(r"v(\d+)", parent.version) if parent else None
    return int(found.group(1)) if found else 0


def _slug(name: str) -> str:
    """The input folder's name as a data set's name; a digest where nothing of it can be used."""
    slug = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:40].strip("-")
    return slug or hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:8]
