"""Bounding boxes in Ground Truth's output format, read and written.

The format: docs.aws.amazon.com/sagemaker/latest/dg/sms-data-output.html, "Bounding box job output".
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from domain.labels.boxes import BoxLabel
from domain.rows import ManifestRow

TYPE = "groundtruth/object-detection"
NO_OBJECT = "no object"


def read_boxes(value: Mapping[str, Any], metadata: Mapping[str, Any]) -> dict[str, Any]:
    """`label`, `labels`, `boxes` and `confidence`, that of the least sure box, of a bounding-box label.

    Raises:
        KeyError, TypeError, AttributeError, ValidationError: it is none.
    """
    classes = metadata["class-map"]
    boxes = tuple(
        BoxLabel(
            label=classes[str(box["class_id"])],
            **{side: box[side] for side in ("left", "top", "width", "height")},
        )
        for box in value["annotations"]
    )
    labels = tuple(sorted({box.label for box in boxes})) or (NO_OBJECT,)
    confidences = [found["confidence"] for found in metadata.get("objects", ()) if "confidence" in found]
    return {
        "label": labels[0] if len(labels) == 1 else None,
        "labels": labels,
        "boxes": boxes,
        "confidence": min(confidences, default=None),
    }


def box_value(row: ManifestRow, index: Mapping[str, int]) -> dict[str, Any]:
    """The label attribute's value for an output of the manifest that has boxes."""
    return {
        "image_size": [{"width": row["width"], "height": row["height"], "depth": 3}],
        "annotations": [
            {"class_id": index[box["label"]], **{side: box[side] for side in ("left", "top", "width", "height")}}
            for box in row["boxes"]
        ],
    }


def box_metadata(row: ManifestRow, index: Mapping[str, int]) -> dict[str, Any]:
    """What the metadata says of the boxes; the confidence is that of the source's label."""
    confidence = row.get("confidence") or 0
    return {
        "objects": [{"confidence": confidence} for _ in row["boxes"]],
        "class-map": {str(index[name]): name for name in sorted({box["label"] for box in row["boxes"]})},
        "type": TYPE,
    }
