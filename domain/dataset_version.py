"""A version of a data set: the parts of all hosts and the parent's rows become one manifest and one report."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from domain.augmentation_plan import class_of
from domain.augmented_manifest import augmented_manifest
from domain.boxes import boxes_digest
from domain.coco import box_classes, coco_files
from domain.errors import KempelenError
from domain.jsonlines import dump_lines, load_lines
from domain.labels import LABELED, LabelRow
from domain.report import ReportData, Work, render
from domain.splits import SPLITS, TRAIN

Row = dict[str, Any]
SAME_ON_ALL_HOSTS = ("seed", "recipe_sha256", "libraries", "medium")
NO_FILE = "the labels name this object, but no file of that name was in the input"


class InconsistentVersion(KempelenError):  # noqa: N818 - the name that Step Functions shows
    """Parts that do not belong together, two outputs of one name, or a source in two splits."""


@dataclass(frozen=True)
class Part:
    """What one host made: rows of its manifest, its quarantine, samples for the report, and what decided the bytes."""

    rows: tuple[Row, ...]
    quarantine: tuple[Row, ...]
    samples: tuple[Row, ...]
    facts: Row

    @classmethod
    def from_files(cls, files: Mapping[str, str]) -> Part:
        """From the texts of manifest.jsonl, quarantine.jsonl, samples.jsonl and part.json."""
        rows, quarantine, samples = (
            tuple(load_lines(files.get(name, ""), name))
            for name in ("manifest.jsonl", "quarantine.jsonl", "samples.jsonl")
        )
        return cls(rows, quarantine, samples, json.loads(files["part.json"]))


@dataclass(frozen=True)
class ParentVersion:
    """The version that this one adds to."""

    version: str
    uri: str
    manifest_text: str


@dataclass(frozen=True)
class VersionContext:
    """What a version is, besides its rows. `uri` is a folder or an S3 prefix, `created` an ISO 8601 time.

    `work`, the time that it took, goes into the report alone: all other files depend on the inputs and on nothing else.
    """

    dataset: str
    version: str
    run_id: str
    uri: str
    created: str
    recipe_text: str
    label_attribute: str
    labels: Sequence[LabelRow]
    parent: ParentVersion | None = None
    work: Work | None = None


@dataclass(frozen=True)
class VersionSummary:
    """Files in the version, the parent's included, counted by split, export and class."""

    outputs: int
    quarantined: int
    splits: dict[str, int]
    exports: dict[str, int]
    classes: dict[str, int]


@dataclass(frozen=True)
class AssembledVersion:
    """Texts by file name, in the order in which to write them; `_SUCCESS` is the caller's, and last."""

    files: dict[str, str]
    summary: VersionSummary


def assemble(parts: Sequence[Part], context: VersionContext) -> AssembledVersion:
    """The files of the version.

    Raises:
        InconsistentVersion: the parts were not made with the same recipe, seed and libraries, two outputs have one
            name, or a source stands in two splits.
    """
    facts = _common_facts(parts)
    labels = {row.object: row for row in context.labels}
    inherited, relabeled = _inherited(context, labels)
    rows = sorted([*inherited, *_new_rows(parts, context, labels)], key=lambda row: (row["version"], row["path"]))
    _check(rows)
    samples = sorted((row for part in parts for row in part.samples), key=lambda row: str(row["source"]))
    quarantine = _quarantine(parts, context.labels, {row["source"] for row in rows})
    dataset = _dataset(context, facts, rows, quarantine, relabeled)
    manifests = {"augmented.manifest": rows}
    manifests.update({f"augmented-{split}.manifest": [r for r in rows if r["split"] == split] for split in SPLITS})
    if any("shard" in row for row in rows):
        manifests = {}  # a line of an augmented manifest names an object, and what lies in a shard is none
    files = {
        "manifest.jsonl": dump_lines(rows),
        **{
            name: augmented_manifest(some, context.uri, context.label_attribute, dataset)
            for name, some in manifests.items()
        },
        **coco_files(rows, dataset.get("box_class_index", {})),
        "quarantine.jsonl": dump_lines(quarantine),
        "recipe.yaml": context.recipe_text,
        "dataset.json": json.dumps(dataset, indent=2, ensure_ascii=False) + "\n",
        "report.html": render(
            ReportData(
                dataset=dataset,
                recipe_text=context.recipe_text,
                labels=context.labels,
                samples=samples,
                quarantine=quarantine,
                rows=(row for row in rows if row["version"] == context.version),
                work=context.work,
            )
        ),
    }
    return AssembledVersion(files, _summary(rows, quarantine))


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


def _new_rows(parts: Sequence[Part], context: VersionContext, labels: Mapping[str, LabelRow]) -> Iterable[Row]:
    multi_label = any(len(row.labels) > 1 for row in context.labels)
    for part in parts:
        for row in part.rows:
            label = labels.get(row["source"])
            known = (
                {"source_ref": label.source, "confidence": label.confidence, "method": label.method} if label else {}
            )
            several = {"labels": list(label.labels)} if label and multi_label else {}
            said = {"transcript": label.transcript} if label and label.transcript is not None else {}
            yield {"version": context.version, **row, **known, **several, **said}


def _inherited(context: VersionContext, labels: Mapping[str, LabelRow]) -> tuple[list[Row], int]:
    """The parent's rows with paths as seen from this version, less those whose label has been corrected since."""
    if context.parent is None:
        return [], 0
    rows: list[Row] = []
    relabeled = 0
    for row in load_lines(context.parent.manifest_text, "the parent's manifest.jsonl"):
        now = labels.get(row["source"])
        if now is not None and now.status == LABELED and _corrected(now, row):
            relabeled += 1
            continue
        path = row["path"]
        version = row.get("version", context.parent.version)
        places: Row = {name: row[name] for name in ("path", "shard") if name in row}
        if not path.startswith("../"):
            places = {name: f"../{version}/{place}" for name, place in places.items()}
        rows.append({**row, "version": version, **places})
    return rows, relabeled


def _corrected(now: LabelRow, row: Row) -> bool:
    digest = None if now.boxes is None else boxes_digest(now.boxes)
    return class_of(now) != row["label"] or digest != row.get("boxes_digest")


def _check(rows: Sequence[Row]) -> None:
    paths = Counter(row["path"] for row in rows)
    path, times = max(paths.items(), key=lambda item: item[1], default=("", 0))
    if times > 1:
        raise InconsistentVersion(f"{times} outputs have the name {path}; rename one of their sources and run again")
    splits: dict[str, str] = {}
    for row in rows:
        first = splits.setdefault(row["source"], row["split"])
        if first != row["split"]:
            raise InconsistentVersion(f"{row['source']!r} is in {first} and in {row['split']}; a source has one split")


def _quarantine(parts: Sequence[Part], labels: Sequence[LabelRow], used: set[str]) -> list[Row]:
    """The hosts' rows, and one for each object of the labels that no host has seen."""
    rows = [row for part in parts for row in part.quarantine]
    seen = used | {row["source"] for row in rows}
    for row in labels:
        if row.object not in seen:
            reason = NO_FILE if row.status == LABELED else f"{row.status}: {row.reason}"
            rows.append({"source": row.object, "stage": "label", "reason": reason})
    return sorted(rows, key=lambda row: (row["source"], row["reason"]))


def _dataset(
    context: VersionContext, facts: Row, rows: Sequence[Row], quarantine: Sequence[Row], relabeled: int
) -> Row:
    """dataset.json: all that a training script or a reviewer asks about the version as a whole."""
    sources = {row["source"]: (row["split"], row["label"]) for row in rows}
    parent = context.parent
    classes = sorted({row["label"] for row in rows})
    return {
        "dataset": context.dataset,
        "version": context.version,
        "uri": context.uri,
        "run_id": context.run_id,
        "created": context.created,
        "parent": {"version": parent.version, "uri": parent.uri} if parent else None,
        "seed": facts["seed"],
        "recipe_sha256": hashlib.sha256(context.recipe_text.encode()).hexdigest(),
        "libraries": facts["libraries"],
        "label_attribute": context.label_attribute,
        **({"medium": facts["medium"]} if facts.get("medium") else {}),
        "class_index": {name: index for index, name in enumerate(_label_names(rows))},
        **({"box_class_index": box_classes(rows)} if any("boxes" in row for row in rows) else {}),
        "sources": len(sources),
        "outputs": len(rows),
        "new_outputs": sum(1 for row in rows if row["version"] == context.version),
        "quarantined": len(quarantine),
        "relabeled": relabeled,
        "splits": {
            split: {
                "sources": sum(1 for own, _ in sources.values() if own == split),
                "outputs": sum(1 for row in rows if row["split"] == split),
            }
            for split in SPLITS
        },
        "exports": dict(sorted(Counter(row["export"] for row in rows).items())),
        "classes": {name: _class_counts(name, sources, rows) for name in classes},
    }


def _label_names(rows: Sequence[Row]) -> list[str]:
    """The names behind a model's output numbers; in a multi-label task the single labels, not their combinations."""
    return sorted({name for row in rows for name in row.get("labels") or [row["label"]]})


def _class_counts(name: str, sources: Mapping[str, tuple[str, str]], rows: Sequence[Row]) -> Row:
    """Sources before augmentation and files after it; the training split is what balance speaks of."""
    own = [row["split"] for row in rows if row["label"] == name]
    return {
        "sources": sum(1 for _, label in sources.values() if label == name),
        "outputs": len(own),
        "training_sources": sum(1 for split, label in sources.values() if label == name and split == TRAIN),
        "training_outputs": own.count(TRAIN),
    }


def _summary(rows: Sequence[Row], quarantine: Sequence[Row]) -> VersionSummary:
    counts = {key: dict(sorted(Counter(row[key] for row in rows).items())) for key in ("split", "export", "label")}
    return VersionSummary(len(rows), len(quarantine), counts["split"], counts["export"], counts["label"])
