"""Bounding boxes as labels: a class and a rectangle of the upright photo, in whole or partial pixels."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict, Field


class BoxLabel(BaseModel):
    """One object in an image. Pixels count from the top left of the full-size image, upright as its EXIF says."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    label: str = Field(min_length=1)
    left: float
    top: float
    width: float = Field(gt=0)
    height: float = Field(gt=0)


def boxes_digest(boxes: Sequence[BoxLabel]) -> str:
    """64 hex digits that differ when a box is corrected: outputs with the old box are out of date then."""
    return hashlib.sha256("\n".join(box.model_dump_json() for box in boxes).encode()).hexdigest()
