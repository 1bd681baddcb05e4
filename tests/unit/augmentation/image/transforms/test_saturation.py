"""Colors move away from gray."""

from __future__ import annotations

import numpy as np

from tests.support.builders.photos import any_bgrx
from tests.support.builders.steps import applied, one_color


def test_zero_is_grayscale_and_one_changes_nothing() -> None:
    assert np.array_equal(applied("saturation", any_bgrx(), factor=(0, 0)), applied("grayscale", any_bgrx()))
    assert np.array_equal(applied("saturation", any_bgrx(), factor=(1, 1)), any_bgrx()[..., 2::-1])


def test_two_doubles_the_distance_from_gray() -> None:
    # Luma of BT.601: 0.299 * 120 + 0.587 * 100 + 0.114 * 90 = 104.84
    found = applied("saturation", one_color(120, 100, 90), factor=(2, 2))[0, 0]
    assert np.abs(found - np.array([135, 95, 75])).max() <= 1
