"""dataset.json: all that a training script or a reviewer asks about the version as a whole."""

from __future__ import annotations

import hashlib
from typing import cast

from domain.dataset_version.coco import box_classes
from domain.dataset_version.model import VersionContext
from domain.dataset_version.table import Table
from domain.recipe.splits import SPLITS
from domain.rows import DatasetFacts, PartFacts


def dataset_facts(
    context: VersionContext, facts: PartFacts, table: Table, quarantined: int, relabeled: int
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
        "libraries": facts["libraries"],
        "label_attribute": context.label_attribute,
        **({"medium": facts["medium"]} if facts.get("medium") else {}),
        "class_index": {name: index for index, name in enumerate(table.class_names())},
        **({"box_class_index": box_classes(table.rows_with_boxes())} if table.has_boxes() else {}),
        "sources": table.sources(),
        "outputs": table.outputs(),
        "new_outputs": table.new_outputs(context.version),
        "quarantined": quarantined,
        "relabeled": relabeled,
        "splits": {split: {"sources": sources.get(split, 0), "outputs": outputs.get(split, 0)} for split in SPLITS},
        "exports": table.outputs_by_export(),
        "classes": table.classes(),
    }
    return cast(DatasetFacts, found)
