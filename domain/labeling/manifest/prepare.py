"""What a labeling job reads, written once for each run: a second start finds the files of the first, and uses them."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from itertools import islice

from domain.errors import InvalidInput, ManifestTooLarge, NoUsableObjects
from domain.jsonlines import dump_line
from domain.labeling.gold import mix_in
from domain.labeling.manifest.earlier import RunFile, add_earlier, question_of
from domain.labeling.manifest.input_manifest import categories_document, line_of
from domain.labeling.manifest.inventory import take_inventory
from domain.labeling.manifest.objects import Objects
from domain.labeling.manifest.selection import select
from domain.text import counted
from domain.workflow.inputs import LabelingTask
from domain.workflow.names import digest, etags_key, labeling_prefix, reused_key, run_file_key
from domain.workflow.ports import ObjectStore
from domain.workflow.s3_uri import S3Uri
from domain.workflow.states import BuiltManifest, LabelRun

MAX_OBJECTS = 100_000
"""What every labeling back end takes in a job."""


def prepare(run: LabelRun, template: str, store: ObjectStore, max_objects: int = MAX_OBJECTS) -> BuiltManifest:
    """Writes manifest, categories, worker template, rejections and earlier labels under the run's own prefix.

    Raises:
        NoUsableObjects: nothing that the run is about can be labeled; the message gives the reasons.
        ManifestTooLarge: there are more than `max_objects` to ask for, the most that the back end takes.
        InvalidInput: the run id was used for another question or another source before, or the run's own manifest is
            not there or cannot be read; or the known answers of `task.gold` are not, or fit no object.
    """
    fingerprint = _fingerprint(run)
    first_start = store.find(run_file_key(run.dataset, run.run_id))
    if first_start is not None:
        return _reuse(RunFile.model_validate_json(first_start), fingerprint, run)
    with Objects(f"s3://{store.bucket}/{run.source_prefix}") as objects:
        take_inventory(objects, run, store)
        add_earlier(objects, run, store)
        objects.settle()
        mix_in(objects, run, store)
        select(objects, run, store)
        if not objects.count("accepted") and not objects.count("reused"):
            raise NoUsableObjects(_nothing_usable(objects, run))
        if objects.count("accepted") > max_objects:
            raise ManifestTooLarge(_too_many(objects, max_objects))
        built = _built(objects, S3Uri.of(store.bucket, labeling_prefix(run.dataset, run.run_id)))
        _write(objects, run, template, store)
    asked = datetime.now(timezone.utc).isoformat(timespec="milliseconds")
    done = RunFile(fingerprint=fingerprint, built=built, question=question_of(run.task), asked=asked)
    store.write(run_file_key(run.dataset, run.run_id), done.model_dump_json())
    return built


def _write(objects: Objects, run: LabelRun, template: str, store: ObjectStore) -> None:
    prefix = labeling_prefix(run.dataset, run.run_id)
    asked = (line_of(ref, json.loads(given or "{}")) for ref, given in objects.accepted())
    store.write_pieces(f"{prefix}input.manifest", asked)
    store.write_pieces(f"{prefix}rejected.jsonl", (f"{dump_line(item.rejection)}\n" for item in objects.rejected()))
    store.write(f"{prefix}categories.json", json.dumps(categories_document(run.task.labels)))
    store.write(f"{prefix}template.liquid.html", template)
    # By these a later run sees whether an object still has the content that people saw.
    seen = (f"{dump_line({'source_ref': ref, 'etag': etag})}\n" for ref, etag in objects.seen())
    store.write_pieces(etags_key(run.dataset, run.run_id), seen)
    if objects.count("reused"):
        store.write_pieces(reused_key(run.dataset, run.run_id), objects.reused())


def prepared(run: LabelRun, store: ObjectStore) -> BuiltManifest | None:
    """What `prepare` wrote for the run, if it was ever made ready."""
    text = store.find(run_file_key(run.dataset, run.run_id))
    return RunFile.model_validate_json(text).built if text else None


def _built(objects: Objects, root: S3Uri) -> BuiltManifest:
    accepted, rejected, reused = (objects.count(state) for state in ("accepted", "rejected", "reused"))
    return BuiltManifest(
        manifest_uri=S3Uri(f"{root}input.manifest"),
        categories_uri=S3Uri(f"{root}categories.json"),
        template_uri=S3Uri(f"{root}template.liquid.html"),
        rejected_uri=S3Uri(f"{root}rejected.jsonl"),
        output_uri=S3Uri(f"{root}output"),
        objects=accepted + rejected + reused,
        accepted=accepted,
        rejected=rejected,
        reused=reused,
        left_out=objects.count("left out"),
    )


_ADDED_LATER = (
    *("max_labeled_objects", "max_labeled_percent"),
    *("full_instructions", "examples", "label_descriptions", "max_concurrent_tasks", "automated_labeling"),
    *("consensus", "gold", "gold_share", "gold_floor", "ask_again_below", "most_workers"),
)
"""Runs of the time before them keep their fingerprint."""


def _fingerprint(run: LabelRun) -> str:
    unset = {name for name in _ADDED_LATER if getattr(run.task, name) == LabelingTask.model_fields[name].default}
    task = run.task.model_dump_json(exclude={"relabel", "max_cost", *unset})
    return digest(run.source_prefix, task, *_selection(run), *_rounds(run))


def _rounds(run: LabelRun) -> list[str]:
    """How a run in rounds asks is part of what it is; and a round is no run of its own."""
    told = [] if run.assist is None else [run.assist.model_dump_json(exclude_none=True)]
    return told + ([] if run.round_of is None else [run.round_of])


def _selection(run: LabelRun) -> list[str]:
    """Empty where all objects of the prefix are meant, as it was before there was a choice."""
    if run.manifest is None and run.filter is None and run.sample is None:
        return []
    seed = str(run.seed) if run.sample else ""
    return [run.model_dump_json(include={"manifest", "filter", "sample"}), seed]


def _reuse(earlier: RunFile, fingerprint: str, run: LabelRun) -> BuiltManifest:
    if earlier.fingerprint != fingerprint:
        raise InvalidInput(
            f"run_id: {run.run_id!r} was used before for data set {run.dataset!r} with another task, source_prefix, "
            "manifest, filter or sample; use another run_id"
        )
    return earlier.built


def _nothing_usable(objects: Objects, run: LabelRun) -> str:
    left_out = objects.count("left out")
    if run.filter and left_out and not objects.count("rejected"):
        return f"filter: {list(run.filter)} matches none of {counted(left_out, 'object')} in {objects.root}"
    found = "; ".join(f"{item.source!r} {item.reason}" for item in islice(objects.rejected(), 5))
    rest = objects.count("rejected") - 5
    more = f"; and {rest} more" if rest > 0 else ""
    place = f"{run.manifest}, a manifest of {objects.root}," if run.manifest else objects.root
    return f"{place} holds nothing that can be labeled: {found or 'it is empty'}{more}"


def _too_many(objects: Objects, limit: int) -> str:
    return (
        f"{objects.root} holds more than {limit:,} objects to label, the limit of the labeling back end for one job; "
        "split it over several prefixes or filters and start one run for each, or label a sample"
    )
