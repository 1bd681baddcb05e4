"""resize: the whole image stays in view."""

from __future__ import annotations

import numpy as np

from tests.support.builders.photos import any_bgrx
from tests.support.builders.steps import applied_bgrx


def test_stretching_keeps_each_corner_in_its_corner() -> None:
    pixels = np.zeros((40, 60, 4), np.uint8)
    pixels[:20, :30] = 200
    found = applied_bgrx("resize", pixels, width=10, height=30)
    assert np.all(found[:14, :4] == 200)  # on the line between, a new pixel shows some of both
    assert np.all(found[16:, 6:] == 0)


def test_inside_keeps_the_proportions_and_touches_one_side() -> None:
    assert applied_bgrx("resize", any_bgrx(100, 50), width=40, height=40, fit="inside").shape == (20, 40, 4)
    assert applied_bgrx("resize", any_bgrx(50, 100), width=40, height=40, fit="inside").shape == (40, 20, 4)


def test_inside_leaves_a_line_at_least_one_pixel_wide() -> None:
    assert applied_bgrx("resize", any_bgrx(300, 1), width=10, height=10, fit="inside").shape == (1, 10, 4)
