"""What Pillow's ImageEnhance and ImageOps do too: within one of 255, for Pillow rounds down."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageEnhance, ImageOps

from tests.support.builders.photos import any_bgrx
from tests.support.builders.steps import applied


def picture() -> Image.Image:
    return Image.fromarray(np.ascontiguousarray(any_bgrx(96, 80)[..., 2::-1]))


CASES: list[tuple[str, dict[str, Any], Callable[[Image.Image], Image.Image]]] = [
    *(
        (op, {"factor": (factor, factor)}, lambda image, kind=kind, factor=factor: kind(image).enhance(factor))
        for op, kind in (("exposure", ImageEnhance.Brightness), ("sharpness", ImageEnhance.Sharpness))
        for factor in (0.0, 0.5, 1.0, 1.7)
    ),
    ("autocontrast", {}, ImageOps.autocontrast),
]


@pytest.mark.parametrize(("op", "parameters", "peer"), CASES)
def test_it_is_what_pillow_does(
    op: str, parameters: dict[str, Any], peer: Callable[[Image.Image], Image.Image]
) -> None:
    found = applied(op, any_bgrx(96, 80), **parameters).astype(int)
    assert np.abs(found - np.asarray(peer(picture())).astype(int)).max() <= 1


def test_a_channel_of_one_value_stays_as_it_is() -> None:
    flat = np.full((8, 8, 4), 77, np.uint8)
    assert (applied("autocontrast", flat) == 77).all()


def test_a_dull_picture_uses_the_whole_range() -> None:
    dull = (100 + any_bgrx(96, 80).astype(int) * 40 // 255).astype(np.uint8)
    found = applied("autocontrast", dull)
    assert (found.min(), found.max()) == (0, 255)
