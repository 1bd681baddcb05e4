"""From parts to the files of a version, row by row."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import chain
from typing import cast

from domain.dataset_version.augmented_manifest import augmented_lines, mixed_lines
from domain.dataset_version.changes import Changes
from domain.dataset_version.coco import coco_document
from domain.dataset_version.csv_tables import field_names, record_lines, transcript_lines
from domain.dataset_version.figures import dataset_facts
from domain.dataset_version.label import Label
from domain.dataset_version.model import InconsistentVersion, Part, VersionContext, VersionSummary
from domain.dataset_version.table import Quarantine, Table
from domain.errors import NothingMade
from domain.labels.rows import LABELED
from domain.recipe.splits import SPLITS
from domain.report import ReportData, render
from domain.rows import DatasetFacts, LabelFields, ManifestRow, PartFacts

Write = Callable[[str, Iterable[str]], None]
SAME_ON_ALL_HOSTS = ("seed", "recipe_sha256", "libraries", "medium")
REASONS_TOLD = 3
NO_FILE = "the labels name this object, but no file of that name was in the input"


def assemble(parts: Sequence[Part], context: VersionContext, write: Write) -> VersionSummary:
    """Writes the files of the version, the report last: `write(name, pieces of its text)`. `_SUCCESS` is the caller's.

    Raises:
        InconsistentVersion: the parts were not made with the same recipe, seed and libraries, two outputs have one
            name, or a source stands in two splits.
        NothingMade: there is no new output. Nothing is written then, nor with any other error.
    """
    facts = _common_facts(parts)
    with Table() as table:
        table.add_labels(context.labels)
        changes = table.changes(context.version)
        relabeled: Counter[bool] = Counter()
        table.add(_inherited(context, table, changes, relabeled))
        table.add(_new_rows(parts, context, table))
        table.check()
        left = chain(context.passed_over, *(part.quarantine for part in parts))
        quarantine = table.quarantine(left, NO_FILE, LABELED)
        if not table.new_outputs(context.version):
            raise NothingMade(_nothing_made(quarantine, grown=context.parent is not None))
        since = changes.facts(context.parent.version) if context.parent else None
        dataset = dataset_facts(context, facts, table, len(quarantine), relabeled[True], since)
        for name, pieces in _files(parts, context, table, quarantine, changes, dataset):
            write(name, pieces)
        return VersionSummary(
            dataset["outputs"],
            len(quarantine),
            table.outputs_by_split(),
            table.outputs_by_export(),
            table.outputs_by_class(),
            dataset.get("warnings", []),
        )


def _nothing_made(quarantine: Quarantine, *, grown: bool) -> str:
    """Why, by the most frequent reasons of what was left out."""
    reasons = Counter(row["reason"] for row in quarantine)
    told = [f"{count:,} in quarantine ({reason})" for reason, count in reasons.most_common(REASONS_TOLD)]
    if len(reasons) > REASONS_TOLD:
        told.append(f"{len(quarantine):,} in quarantine altogether")
    if grown:
        told.append("the earlier version has all else")
    return f"nothing was made, so there is no new version: {'; '.join(told) or 'the input holds no file'}"


def _files(
    parts: Sequence[Part],
    context: VersionContext,
    table: Table,
    quarantine: Quarantine,
    changes: Changes,
    dataset: DatasetFacts,
) -> Iterator[tuple[str, Iterable[str]]]:
    yield "manifest.jsonl", table.lines()
    if not table.has_shards():  # a line of an augmented manifest names an object, and what lies in a shard is none
        yield "augmented.manifest", augmented_lines(table.unmixed_rows(), context.uri, context.label_attribute, dataset)
        for split in SPLITS:
            lines = augmented_lines(table.rows_of_split(split), context.uri, context.label_attribute, dataset)
            yield f"augmented-{split}.manifest", lines
        if table.has_mixed():
            yield "mixed-train.manifest", mixed_lines(table.mixed_rows(), context.uri, context.label_attribute, dataset)
    classes = dataset.get("box_class_index", {})
    for split in SPLITS:
        boxed = partial(table.rows_with_boxes_of_split, split)
        if next(boxed(), None) is not None:
            yield f"coco-{split}.json", coco_document(boxed, classes)
    yield from _tables(table)
    yield "quarantine.jsonl", quarantine.lines()
    if context.parent is not None:
        yield "changes.jsonl", changes.lines()
    yield "recipe.yaml", [context.recipe_text]
    yield "dataset.json", [json.dumps(dataset, indent=2, ensure_ascii=False) + "\n"]
    samples = sorted((row for part in parts for row in part.samples), key=lambda row: str(row["source"]))
    data = ReportData(
        dataset=dataset,
        recipe_text=context.recipe_text,
        labels=context.labels,
        samples=samples,
        quarantine=quarantine,
        rows=table.new_rows(context.version),
        usage=context.usage,
        workers=context.workers,
        assisted=context.assisted,
        changes=changes.rows() if context.parent else (),
    )
    yield "report.html", [render(data)]


def _tables(table: Table) -> Iterator[tuple[str, Iterable[str]]]:
    """Records and transcripts as CSV, of the splits that have any; all tables of records have the same columns."""
    names = field_names(table.rows_of_records())
    for split in SPLITS:
        records, said = (
            partial(table.rows_of_records_of_split, split),
            partial(table.rows_with_transcript_of_split, split),
        )
        if next(records(), None) is not None:
            yield f"records-{split}.csv", record_lines(records(), names)
        if next(said(), None) is not None:
            yield f"transcripts-{split}.csv", transcript_lines(said())


def _common_facts(parts: Sequence[Part]) -> PartFacts:
    if not parts:
        raise InconsistentVersion("there is no part to assemble; did the processing job write parts/<host>/part.json?")
    first = parts[0].facts
    for part in parts[1:]:
        for name in SAME_ON_ALL_HOSTS:
            one, other = first.get(name), part.facts.get(name)
            if one != other:
                raise InconsistentVersion(f"two hosts differ in {name}: {one!r} and {other!r}; start the run again")
    return first


def _new_rows(parts: Sequence[Part], context: VersionContext, table: Table) -> Iterator[ManifestRow]:
    for part in parts:
        for row in part.rows:
            label = table.label(row["source"])
            told: LabelFields = label.told if label else {}
            yield cast(ManifestRow, {"version": context.version, **row, **told})


def _inherited(
    context: VersionContext, table: Table, changes: Changes, relabeled: Counter[bool]
) -> Iterator[ManifestRow]:
    """The parent's rows with paths as seen from this version, less those whose label has been corrected since."""
    if context.parent is None:
        return
    for row in context.parent.rows:
        now = table.label(row["source"])
        corrected = now is not None and now.status == LABELED and not now.fits(row)
        mixed_otherwise = "partner" in row and _is_another(table.label(row["partner"]), row)
        relabeled[corrected or mixed_otherwise] += 1
        changes.note(row, left_out=corrected, remixed=mixed_otherwise)
        if corrected or mixed_otherwise:
            continue
        version = row.get("version", context.parent.version)
        seen: ManifestRow = {**row, "version": version}
        if not row["path"].startswith("../"):
            seen["path"] = f"../{version}/{row['path']}"
            if "shard" in row:
                seen["shard"] = f"../{version}/{row['shard']}"
        yield seen


def _is_another(label: Label | None, row: ManifestRow) -> bool:
    """Whether the label of the partner, with which it is mixed, is another one now."""
    return label is not None and label.status == LABELED and label.name != row["soft_labels"][-1]["label"]
