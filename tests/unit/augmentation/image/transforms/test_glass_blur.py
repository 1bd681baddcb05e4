"""Pixels come from near by."""

from __future__ import annotations

import numpy as np
import pytest

from tests.support.builders.steps import applied


def stripes() -> np.ndarray:
    """Left half black, right half white."""
    pixels = np.zeros((224, 224, 4), np.uint8)
    pixels[:, 112:] = 255
    return pixels


@pytest.mark.parametrize(("severity", "farthest"), [(1, 2 + 6), (3, 6 + 8), (5, 8 + 12)])
def test_nothing_comes_from_farther_than_the_rounds_reach_and_the_blur(severity: int, farthest: int) -> None:
    found = applied("glass_blur", stripes(), severity=severity)
    assert found[:, : 112 - farthest].max() == 0
    assert found[:, 112 + farthest :].min() == 255


def test_the_edge_becomes_ragged() -> None:
    """A Gaussian blur alone leaves all rows alike."""
    assert applied("glass_blur", stripes(), severity=3)[:, 112, 0].std() > 10


def test_another_seed_shifts_other_pixels() -> None:
    assert not np.array_equal(*(applied("glass_blur", stripes(), seed=seed, severity=3) for seed in (1, 2)))
