"""The color circle turns."""

from __future__ import annotations

import colorsys

import numpy as np
import pytest

from tests.support.builders.photos import any_bgrx
from tests.support.builders.steps import applied, one_color


@pytest.mark.parametrize(("degrees", "expected"), [(120, (0, 200, 0)), (-120, (0, 0, 200)), (60, (200, 200, 0))])
def test_red_turns_around_the_circle(degrees: float, expected: tuple[int, int, int]) -> None:
    found = applied("hue", one_color(200, 0, 0), degrees=(degrees, degrees))
    assert tuple(found[0, 0]) == expected


@pytest.mark.parametrize("degrees", [-180, -33.3, 0, 7.25, 180])
def test_each_pixel_turns_as_python_turns_it(degrees: float) -> None:
    pixels = any_bgrx(12, 9)
    found = applied("hue", pixels, degrees=(degrees, degrees)).reshape(-1, 3)
    for before, after in zip(pixels[..., 2::-1].reshape(-1, 3), found, strict=True):
        hue, saturation, value = colorsys.rgb_to_hsv(*(before / 255))
        expected = np.array(colorsys.hsv_to_rgb((hue + degrees / 360) % 1, saturation, value)) * 255
        assert np.abs(after - expected).max() <= 0.51


def test_gray_has_no_hue() -> None:
    assert np.all(applied("hue", one_color(90, 90, 90), degrees=(77, 77)) == 90)
