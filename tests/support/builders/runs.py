"""Runs and payloads whose values do not matter, but for the ones that a test gives."""

from __future__ import annotations

from typing import Any

from domain.workflow.inputs import AugmentOutput
from domain.workflow.ledger import NewestLabels
from domain.workflow.runs import augment_run, label_run
from domain.workflow.states import AugmentRun, BuiltManifest, LabelRun

BUCKET = "data-bucket"
LABELING = f"s3://{BUCKET}/labeling/faces/run-1/"


def any_task(**fields: Any) -> dict[str, Any]:
    task = {"type": "image-single-label", "question": "Is the mouth open?", "labels": ["open", "shut"]}
    return {**task, "label_attribute": "mouth", **fields}


def any_label_input(**fields: Any) -> dict[str, Any]:
    return {"dataset": "faces", "run_id": "run-1", "task": any_task(), "recipe": "recipes/faces.yaml", **fields}


def any_augment_input(**fields: Any) -> dict[str, Any]:
    return {"dataset": "faces", "recipe": "recipes/faces.yaml", "seed": 7, "instances": 2, **fields}


def any_label_run(execution: str = "execution-1", **fields: Any) -> LabelRun:
    return label_run(any_label_input(**fields), execution)


def any_augment_run(execution: str = "execution-1", **fields: Any) -> AugmentRun:
    return augment_run(any_augment_input(**fields), execution)


def any_built_manifest(**fields: Any) -> BuiltManifest:
    return BuiltManifest(
        **{
            "manifest_uri": f"{LABELING}input.manifest",
            "categories_uri": f"{LABELING}categories.json",
            "template_uri": f"{LABELING}template.liquid.html",
            "rejected_uri": f"{LABELING}rejected.jsonl",
            "output_uri": f"{LABELING}output",
            "objects": 2,
            "accepted": 2,
            "rejected": 0,
            **fields,
        }
    )


def any_newest_labels(**fields: Any) -> NewestLabels:
    return NewestLabels(
        **{
            "dataset": "faces",
            "run_id": "run-1",
            "labels_uri": f"s3://{BUCKET}/labels/faces/run-1/labels.jsonl",
            "source_prefix": "raw/faces/",
            "label_attribute": "mouth",
            "collected": "2026-11-22T10:00:00.000+00:00",
            **fields,
        }
    )


def any_output(**fields: Any) -> AugmentOutput:
    return AugmentOutput(**{"outcome": "published", "dataset": "faces", "run_id": "run-1", "outputs": 12, **fields})
