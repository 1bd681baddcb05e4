"""Bounding boxes as labels: a class and a rectangle of the upright photo, in whole or partial pixels."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from domain.text import composed


class BoxLabel(BaseModel):
    """One object in an image. Pixels count from the top left of the full-size image, upright as its EXIF says.

    Any numbers are taken: a box without a size, or outside of its image, costs that image, when it is read, and no run.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    label: Annotated[str, Field(min_length=1), AfterValidator(composed)]
    left: float
    top: float
    width: float
    height: float


def boxes_digest(boxes: Sequence[BoxLabel]) -> str:
    """64 hex digits that differ when a box is corrected: outputs with the old box are out of date then."""
    return hashlib.sha256("\n".join(box.model_dump_json() for box in boxes).encode()).hexdigest()
