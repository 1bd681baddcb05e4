"""grid: squares at equal distances."""

from __future__ import annotations

import numpy as np
import pytest

from tests.support.builders.steps import applied_bgrx


def test_the_covered_share_is_the_square_of_the_side_share() -> None:
    pixels = np.full((200, 300, 4), 9, np.uint8)
    found = applied_bgrx("grid", pixels, period=[0.1, 0.1], share=0.5)
    assert (found[..., 0] == 0).mean() == pytest.approx(0.25, abs=0.03)


def test_squares_repeat_after_one_period_both_ways() -> None:
    pixels = np.full((100, 140, 4), 9, np.uint8)
    found = applied_bgrx("grid", pixels, period=[0.2, 0.2], share=0.3)
    assert np.array_equal(found[:, 20:], found[:, :-20])
    assert np.array_equal(found[20:], found[:-20])


def test_another_seed_shifts_the_grid() -> None:
    pixels = np.full((100, 100, 4), 9, np.uint8)
    assert not np.array_equal(applied_bgrx("grid", pixels, 1), applied_bgrx("grid", pixels, 2))
