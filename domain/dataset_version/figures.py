"""dataset.json: all that a training script or a reviewer asks about the version as a whole."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any, cast

from domain.dataset_version.coco import box_classes
from domain.dataset_version.model import ParentVersion, VersionContext
from domain.dataset_version.table import Table
from domain.plan.identity import class_folder
from domain.plan.shortfalls import shortfalls
from domain.recipe.graph import NOUNS
from domain.recipe.splits import SPLITS
from domain.rows import DatasetFacts, PartFacts, SinceFacts


def dataset_facts(
    context: VersionContext, facts: PartFacts, table: Table, quarantined: int, relabeled: int, since: SinceFacts | None
) -> DatasetFacts:
    """Sources before augmentation and files after it; the training split is what balance speaks of."""
    parent = context.parent
    sources, outputs = table.sources_by_split(), table.outputs_by_split()
    found = {
        "dataset": context.dataset,
        "version": context.version,
        "uri": context.uri,
        "run_id": context.run_id,
        "created": context.created,
        "parent": {"version": parent.version, "uri": parent.uri} if parent else None,
        "seed": facts["seed"],
        **({"seed_given": context.seed_given} if context.seed_given is not None else {}),
        **({"mode": context.mode} if context.mode else {}),
        "recipe_sha256": hashlib.sha256(context.recipe_text.encode()).hexdigest(),
        **context.brought,
        "libraries": facts["libraries"],
        "label_attribute": context.label_attribute,
        **({"medium": facts["medium"]} if facts.get("medium") else {}),
        "class_index": {name: index for index, name in enumerate(sorted(table.class_names(), key=class_folder))},
        **({"box_class_index": box_classes(table.rows_with_boxes())} if table.has_boxes() else {}),
        "sources": table.sources(),
        "outputs": table.outputs(),
        "new_outputs": table.new_outputs(context.version),
        "quarantined": quarantined,
        "relabeled": relabeled,
        **({"since": since} if since else {}),
        "splits": {split: {"sources": sources.get(split, 0), "outputs": outputs.get(split, 0)} for split in SPLITS},
        "exports": table.outputs_by_export(),
        **_looked_at(facts),
        **({"warnings": warnings} if (warnings := list(_all_warnings(facts, parent, table))) else {}),
        "classes": dict(sorted(table.classes().items(), key=lambda one: class_folder(one[0]))),
    }
    return cast(DatasetFacts, found)


def _looked_at(facts: PartFacts) -> dict[str, Any]:
    """What lies with the version that says something of its sources."""
    found: dict[str, Any] = {}
    if facts.get("embeddings", {}).get("file"):
        found["embeddings"] = facts["embeddings"]
    if "doctor" in facts:
        found["doctor"] = facts["doctor"]
    return found


def _all_warnings(facts: PartFacts, parent: ParentVersion | None, table: Table) -> Iterator[str]:
    yield from _mixed(facts, parent)
    yield from _warnings(facts, table)
    missing = facts.get("embeddings", {}).get("missing")
    if missing:
        yield f"the recipe asks for embeddings, and the version has none: {missing}"


def _mixed(facts: PartFacts, parent: ParentVersion | None) -> list[str]:
    """What made this version and did not make its parent: a source has outputs of both then."""
    before = parent.libraries if parent else {}
    names = sorted(before.keys() & facts["libraries"].keys())
    changed = [f"{name} {before[name]}, now {facts['libraries'][name]}" for name in names
               if before[name] != facts["libraries"][name]]  # fmt: skip
    if not changed or parent is None:
        return []
    return [f"the files of {parent.version} were made with other libraries: {'; '.join(changed)}"]


def _warnings(facts: PartFacts, table: Table) -> list[str]:
    """Of parts that do not say what they should come to, none."""
    if "wanted" not in facts:
        return []
    classes = table.classes()
    return shortfalls(
        facts["wanted"],
        table.sources_by_split(),
        {label: found["sources"] for label, found in classes.items()},
        {label: found["training_outputs"] for label, found in classes.items()},
        NOUNS[facts.get("medium", "image")],
    )
