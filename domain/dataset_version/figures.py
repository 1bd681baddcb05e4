"""dataset.json: all that a training script or a reviewer asks about the version as a whole."""

from __future__ import annotations

import hashlib

from domain.dataset_version.coco import box_classes
from domain.dataset_version.model import Row, VersionContext
from domain.dataset_version.table import Table
from domain.recipe.splits import SPLITS


def dataset_facts(context: VersionContext, facts: Row, table: Table, quarantined: int, relabeled: int) -> Row:
    """Sources before augmentation and files after it; the training split is what balance speaks of."""
    parent = context.parent
    sources, outputs = table.counts("COUNT(DISTINCT source)", "split"), table.counts("COUNT(*)", "split")
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
        "class_index": {name: index for index, name in enumerate(table.class_names())},
        **({"box_class_index": box_classes(table.rows("boxed"))} if table.count("boxed") else {}),
        "sources": table.sources(),
        "outputs": table.count(),
        "new_outputs": table.count("version = ?", context.version),
        "quarantined": quarantined,
        "relabeled": relabeled,
        "splits": {split: {"sources": sources.get(split, 0), "outputs": outputs.get(split, 0)} for split in SPLITS},
        "exports": table.counts("COUNT(*)", "export"),
        "classes": _classes(table),
    }


def _classes(table: Table) -> dict[str, Row]:
    columns = {
        "sources": table.counts("COUNT(DISTINCT source)", "label"),
        "outputs": table.counts("COUNT(*)", "label"),
        "training_sources": table.counts("COUNT(DISTINCT source)", "label", "split = 'train'"),
        "training_outputs": table.counts("COUNT(*)", "label", "split = 'train'"),
    }
    return {name: {column: found.get(name, 0) for column, found in columns.items()} for name in columns["outputs"]}
