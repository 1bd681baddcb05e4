"""shear: rows (or columns) slide along one another, the middle stays."""

from __future__ import annotations

from math import radians, tan

import numpy as np
import pytest

from tests.support.builders.steps import applied_bgrx


def line(axis: str) -> np.ndarray:
    pixels = np.zeros((101, 101, 4), np.uint8)
    pixels[:, 49:52] = 255
    return pixels if axis == "horizontal" else np.ascontiguousarray(pixels.transpose(1, 0, 2))


@pytest.mark.parametrize("axis", ["horizontal", "vertical"])
def test_a_line_leans_by_the_angle_around_the_middle(axis: str) -> None:
    found = applied_bgrx("shear", line(axis), degrees=[20, 20], axis=axis)[..., 0].astype(float)
    rows = found if axis == "horizontal" else found.T
    middles = rows @ np.arange(101) / rows.sum(axis=1)
    assert middles[50] == pytest.approx(50, abs=0.1)
    assert middles[10] - middles[50] == pytest.approx(40 * tan(radians(20)), abs=0.2)
