"""Saturation of HSV is scaled and raised."""

from __future__ import annotations

import colorsys

import numpy as np
import pytest

from tests.support.builders.steps import applied, one_color


@pytest.mark.parametrize(
    ("severity", "change"), list(enumerate(((0.3, 0), (0.1, 0), (2, 0), (5, 0.1), (20, 0.2)), start=1))
)
def test_saturation_is_as_the_formula_says_and_hue_and_value_stay(severity: int, change: tuple[float, float]) -> None:
    red, green, blue = applied("saturate", one_color(200, 170, 180), severity=severity)[0, 0] / 255
    hue, saturation, value = colorsys.rgb_to_hsv(red, green, blue)
    before = colorsys.rgb_to_hsv(200 / 255, 170 / 255, 180 / 255)
    assert saturation == pytest.approx(min(1, before[1] * change[0] + change[1]), abs=0.01)
    assert value == pytest.approx(before[2], abs=0.003)
    assert hue == pytest.approx(before[0], abs=0.05)


def test_gray_turns_red_where_something_is_added() -> None:
    red, green, blue = applied("saturate", one_color(100, 100, 100), severity=4)[0, 0]
    assert (red, green, blue) == (100, 90, 90)
    assert np.array_equal(applied("saturate", one_color(100, 100, 100), severity=3)[0, 0], (100, 100, 100))
