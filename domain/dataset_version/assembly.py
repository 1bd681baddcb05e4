"""From parts to the files of a version, row by row."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial

from domain.dataset_version.augmented_manifest import augmented_lines
from domain.dataset_version.coco import coco_document
from domain.dataset_version.figures import dataset_facts
from domain.dataset_version.model import InconsistentVersion, Part, Row, VersionContext, VersionSummary
from domain.dataset_version.table import Quarantine, Table
from domain.labels.rows import LABELED
from domain.recipe.splits import SPLITS
from domain.report import ReportData, render

Write = Callable[[str, Iterable[str]], None]
SAME_ON_ALL_HOSTS = ("seed", "recipe_sha256", "libraries", "medium")
NO_FILE = "the labels name this object, but no file of that name was in the input"


def assemble(parts: Sequence[Part], context: VersionContext, write: Write) -> VersionSummary:
    """Writes the files of the version, the report last: `write(name, pieces of its text)`. `_SUCCESS` is the caller's.

    Raises:
        InconsistentVersion: the parts were not made with the same recipe, seed and libraries, two outputs have one
            name, or a source stands in two splits.
    """
    facts = _common_facts(parts)
    with Table() as table:
        table.add_labels(context.labels)
        left_out: list[str] = []
        table.add(_inherited(context, table, left_out))
        table.add(_new_rows(parts, context, table))
        table.check()
        quarantine = table.quarantine((row for part in parts for row in part.quarantine), NO_FILE, LABELED)
        dataset = dataset_facts(context, facts, table, len(quarantine), len(left_out))
        for name, pieces in _files(parts, context, table, quarantine, dataset):
            write(name, pieces)
        return VersionSummary(
            dataset["outputs"],
            len(quarantine),
            table.counts("COUNT(*)", "split"),
            table.counts("COUNT(*)", "export"),
            table.counts("COUNT(*)", "label"),
        )


def _files(
    parts: Sequence[Part], context: VersionContext, table: Table, quarantine: Quarantine, dataset: Row
) -> Iterator[tuple[str, Iterable[str]]]:
    yield "manifest.jsonl", table.lines()
    if not table.count("sharded"):  # a line of an augmented manifest names an object, and what lies in a shard is none
        yield "augmented.manifest", augmented_lines(table.rows(), context.uri, context.label_attribute, dataset)
        for split in SPLITS:
            rows = table.rows("split = ?", split)
            lines = augmented_lines(rows, context.uri, context.label_attribute, dataset)
            yield f"augmented-{split}.manifest", lines
    classes = dataset.get("box_class_index", {})
    for split in SPLITS:
        if table.count("boxed AND split = ?", split):
            boxed = partial(table.rows, "boxed AND split = ?", split)
            yield f"coco-{split}.json", coco_document(boxed, classes)
    yield "quarantine.jsonl", quarantine.lines()
    yield "recipe.yaml", [context.recipe_text]
    yield "dataset.json", [json.dumps(dataset, indent=2, ensure_ascii=False) + "\n"]
    samples = sorted((row for part in parts for row in part.samples), key=lambda row: str(row["source"]))
    data = ReportData(
        dataset=dataset,
        recipe_text=context.recipe_text,
        labels=context.labels,
        samples=samples,
        quarantine=quarantine,
        rows=table.again("version = ?", context.version),
        usage=context.usage,
    )
    yield "report.html", [render(data)]


def _common_facts(parts: Sequence[Part]) -> Row:
    if not parts:
        raise InconsistentVersion("there is no part to assemble; did the processing job write parts/<host>/part.json?")
    facts = {name: parts[0].facts.get(name) for name in SAME_ON_ALL_HOSTS}
    for part in parts[1:]:
        for name, value in facts.items():
            if part.facts.get(name) != value:
                raise InconsistentVersion(
                    f"two hosts differ in {name}: {value!r} and {part.facts.get(name)!r}; start the run again"
                )
    return facts


def _new_rows(parts: Sequence[Part], context: VersionContext, table: Table) -> Iterator[Row]:
    for part in parts:
        for row in part.rows:
            label = table.label(row["source"])
            yield {"version": context.version, **row, **(label.told if label else {})}


def _inherited(context: VersionContext, table: Table, left_out: list[str]) -> Iterator[Row]:
    """The parent's rows with paths as seen from this version, less those whose label has been corrected since."""
    if context.parent is None:
        return
    for row in context.parent.rows:
        now = table.label(row["source"])
        if now and now.status == LABELED and (now.name, now.digest) != (row["label"], row.get("boxes_digest")):
            left_out.append(row["source"])
            continue
        version = row.get("version", context.parent.version)
        places: Row = {name: row[name] for name in ("path", "shard") if name in row}
        if not row["path"].startswith("../"):
            places = {name: f"../{version}/{place}" for name, place in places.items()}
        yield {**row, "version": version, **places}
