"""How a scripted worker fills in the page of each task type, rightly or with a mistake.

A truth is what there is to say of an object: a label, a list of labels, a transcript, or a list of boxes as
`crowd-bounding-box` gives them, {"label", "left", "top", "width", "height"} in pixels.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from random import Random
from typing import Any, Protocol


class Form(Protocol):
    """A task type's page. The form for a truth; and another truth, None where there is no other."""

    def filled(self, truth: Any) -> dict[str, Any]: ...

    def mistaken(self, truth: Any, labels: Sequence[str], draw: Random) -> Any: ...


class OneLabel:
    def __init__(self, element: str) -> None:
        self._element = element

    def filled(self, truth: str) -> dict[str, Any]:
        return {self._element: {"label": truth}}

    def mistaken(self, truth: str, labels: Sequence[str], draw: Random) -> str | None:
        others = [label for label in labels if label != truth]
        return draw.choice(others) if others else None


class SeveralLabels:
    """A mistake is one label too many or too few."""

    def filled(self, truth: Sequence[str]) -> dict[str, Any]:
        return {"crowd-image-classifier-multi-select": {"labels": list(truth)}}

    def mistaken(self, truth: Sequence[str], labels: Sequence[str], draw: Random) -> list[str]:
        wrong = draw.choice(labels)
        return [label for label in labels if (label in truth) != (label == wrong)]


class Boxes:
    """A mistake is a box too few, or one where nothing is. `size` is width and height of the images in pixels."""

    def __init__(self, width: int, height: int) -> None:
        self._size = {"width": width, "height": height}

    def filled(self, truth: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
        drawn = [dict(box) for box in truth]
        return {"crowd-bounding-box": {"boundingBoxes": drawn, "inputImageProperties": self._size}}

    def mistaken(self, truth: Sequence[Mapping[str, Any]], labels: Sequence[str], _draw: Random) -> Sequence[Any]:
        return truth[1:] if truth else [{"label": labels[0], "left": 0, "top": 0, **self._size}]


class Transcript:
    """A mistake is a text that lacks its last letter."""

    def filled(self, truth: str) -> dict[str, Any]:
        return {"kempelen-transcript": {"verdict": "correct", "transcript": truth}}

    def mistaken(self, truth: str, _labels: Sequence[str], _draw: Random) -> str:
        return truth[:-1]


IMAGE_SINGLE_LABEL = OneLabel("crowd-image-classifier")
IMAGE_MULTI_LABEL = SeveralLabels()
TEXT_SINGLE_LABEL = OneLabel("crowd-classifier")
AUDIO_TRANSCRIPT = Transcript()
