"""A run from its arguments to a part of a version, or to a whole version."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Collection
from datetime import datetime, timezone
from pathlib import Path
from typing import NamedTuple

from augmentation import custom, resume
from augmentation import part as parts
from augmentation.errors import UsageError
from augmentation.fingerprints import files_of, keep_fingerprints, load_groups, write_fingerprints
from augmentation.inputs import (
    SourceFiles,
    file_digest,
    find_sources,
    lines_of_file,
    load_known,
    load_label_rows,
    plan_for,
)
from augmentation.parallel import default_workers, work_off_all
from augmentation.progress import Progress
from augmentation.recipe_file import load_recipe, read_text
from augmentation.resume import FINGERPRINTS
from augmentation.shards import Packer, wants_shards
from augmentation.source_work import Workshop
from augmentation.writers import write_file, write_pieces
from domain.dataset_version import ParentVersion, Part, VersionContext, VersionSummary, assemble
from domain.jsonlines import JsonLines
from domain.labels.rows import LabelRow
from domain.recipe import Recipe
from domain.report import Work
from domain.workflow.names import version_name

SUCCESS = "_SUCCESS"
OWN_HOST = "local"


class RunOptions(NamedTuple):
    """What `run` is told. With `host_config` it makes one host's part, without it a whole version."""

    recipe: Path
    input: Path
    output: Path
    labels: Path | None = None
    known: Path | None = None
    seed: int = 0
    workers: int | None = None
    host_config: Path | None = None
    dataset: str | None = None
    version: str | None = None
    label_attribute: str = "label"
    created: str | None = None
    resume: bool = False
    fingerprints: Path | None = None
    allow_custom: bool = False


class RunResult(NamedTuple):
    """The part that was made, and the version if the run is whole."""

    part: parts.PartSummary
    version: VersionSummary | None


def run(options: RunOptions, *, show_progress: bool = False) -> RunResult:
    """Carries the run out; with `show_progress` it tells on stderr how far it is.

    Raises:
        UsageError: the recipe, the labels or a folder cannot be used.
    """
    recipe, recipe_text = load_recipe(options.recipe)
    custom.admit(recipe, options.recipe, allowed=options.allow_custom)
    host = OWN_HOST if options.host_config is None else host_name(options.host_config)
    files = find_sources(options.input) if options.host_config is None or options.input.is_dir() else SourceFiles()
    rows = load_label_rows(options.labels, options.input, files.names)
    known = load_known(options.known, files.names)
    _check_output(options, host)
    folder = options.output / "parts" / host
    if options.host_config is not None and (folder / parts.PART).exists():
        return RunResult(parts.read_summary(folder), None)  # resumed, but there is nothing left to do
    prints = _fingerprints(options, recipe, folder, files)
    plan = plan_for(options.recipe, recipe, rows, options.seed, known, load_groups(*prints), files.names)
    chosen = parts.choose_samples(plan), parts.choose_disputed(plan, rows), parts.choose_refused(plan)
    facts = parts.facts(plan, recipe_text)
    digests = {
        "labels, splits or near-duplicates": resume.plan_digest(plan),
        "known": file_digest(options.known),
    }
    earlier = resume.begin(folder, {**facts, **digests}, resume=options.resume)
    earlier.forget_others(files.names, options.output)
    if options.resume and options.host_config is None:  # hosts may share the folder
        earlier.forget_untold(options.output)
    workshop = Workshop(plan, options.input, options.output, *chosen, earlier=earlier, shards=wants_shards(plan))
    shown = Progress(len(files), enabled=show_progress, noun="clip" if recipe.medium == "audio" else "image")
    workers = options.workers or default_workers()
    results = work_off_all(workshop, files, workers)
    machine = {"workers": workers, "instance_type": instance_type(options.host_config)}
    packer = Packer(options.output, host) if workshop.shards else None
    summary = parts.write_part(folder, results, {**facts, **machine}, shown.update, packer)
    shown.close()
    del plan, workshop, results  # before assembly, which needs room of its own
    if prints:
        keep_fingerprints(options.output / FINGERPRINTS, prints)  # every host writes the same
    if options.host_config is not None:
        resume.end(folder)
        return RunResult(summary, None)
    return RunResult(summary, _finish(options, folder, recipe_text, rows))


def host_name(path: Path) -> str:
    """This host's name in SageMaker's resourceconfig.json: the name of its part."""
    try:
        host = json.loads(read_text(path, "host configuration"))["current_host"]
    except (ValueError, KeyError, TypeError) as error:
        raise UsageError(
            f"{path}: a JSON object with `current_host` was expected, as in resourceconfig.json"
        ) from error
    if not isinstance(host, str) or not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", host):
        raise UsageError(f"{path}: current_host {host!r} is no host name")
    return host


def alone(host_config: Path) -> bool:
    """Whether resourceconfig.json tells of one host alone, which then sees all files."""
    hosts = json.loads(read_text(host_config, "host configuration")).get("hosts")
    return isinstance(hosts, list) and len(hosts) == 1


def instance_type(host_config: Path | None) -> str | None:
    """Of this machine, from SageMaker's processingjobconfig.json beside the host configuration; None elsewhere."""
    if host_config is None:
        return None
    try:
        text = host_config.with_name("processingjobconfig.json").read_text(encoding="utf-8")
        found = json.loads(text)["ProcessingResources"]["ClusterConfig"]["InstanceType"]
    except (OSError, ValueError, KeyError, TypeError):
        return None  # it decides nothing but whether the report can name a price
    return found if isinstance(found, str) else None


def _check_output(options: RunOptions, host: str) -> None:
    """A run writes into a folder of its own: files of another run in it would look like outputs."""
    output = options.output
    if output.exists() and not output.is_dir():
        raise UsageError(f"--output {output} is a file; give a folder")
    inside = options.input.resolve()
    if output.resolve() == inside or inside in output.resolve().parents:
        raise UsageError(f"--output {output} lies inside --input; the next run would augment its files again")
    if options.resume and (output / SUCCESS).exists():
        raise UsageError(f"--resume: the version in {output} is finished; give a new --output for another one")
    if options.resume and (output / "parts" / host).is_dir():
        return
    if options.host_config is None and output.is_dir() and any(output.iterdir()):
        raise UsageError(
            f"--output {output} is not empty; give a new folder, delete this one first, "
            "or add --resume if a run into it was killed"
        )
    if (output / "parts" / host / parts.PART).exists():
        raise UsageError(f"--output {output} holds a part of {host} already; give a new folder")


def _fingerprints(options: RunOptions, recipe: Recipe, folder: Path, files: SourceFiles) -> list[Path]:
    """Files by which near-duplicates are known: as told, else of a pass over the input; and the earlier version's.

    One of several hosts sees only its own files, so it makes no pass: it is told the files of all.
    """
    before = options.known.with_name(FINGERPRINTS) if options.known else None
    earlier = [before] if before and before.is_file() else []
    if options.fingerprints is not None:
        return [*files_of([options.fingerprints]), *earlier]
    whole = options.host_config is None or alone(options.host_config)
    if not whole or recipe.medium != "image" or not recipe.splits.need_fingerprints:
        return []
    own = folder / FINGERPRINTS
    killed = [own] if own.exists() else []  # a killed run has left it whole or not at all
    write_fingerprints(options.input, files, own, options.workers, [*killed, *earlier])
    return [own, *earlier]


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
        work=None if options.created else Work.of([own.facts]),
    )
    summary = assemble([own], context, lambda name, pieces: write_pieces(options.output / name, pieces))
    write_file(options.output / SUCCESS, b"")
    shutil.rmtree(options.output / "parts")  # last: as long as it is there, a killed run can be resumed
    return summary


def _parent(options: RunOptions) -> ParentVersion | None:
    """The newest version that the earlier manifest names; versions of one data set lie side by side."""
    if options.known is None:
        return None
    rows = JsonLines(lines_of_file(options.known), str(options.known))
    versions = sorted({row["version"] for row in rows if "version" in row})
    return ParentVersion(versions[-1], str(options.known.resolve().parent), rows) if versions else None


def _number(parent: ParentVersion | None) -> int:
    found = re.match(r"v(\d+)", parent.version) if parent else None
    return int(found.group(1)) if found else 0


def _slug(name: str) -> str:
    """The input folder's name as a data set's name; a digest where nothing of it can be used."""
    slug = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:40].strip("-")
    return slug or hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:8]
