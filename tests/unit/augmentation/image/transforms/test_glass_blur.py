"""Pixels come from near by."""

from __future__ import annotations

import numpy as np
import pytest

from augmentation.image.kernels.blur import _taken_in_place
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


def test_rounds_take_in_place_as_a_loop_over_the_pixels_does() -> None:
    """From the lower right to the upper left, as `glass_blur` of ImageNet-C."""
    height, width, reach = 23, 31, 3
    found = _taken_in_place(np.arange(height * width).reshape(height, width), reach, np.random.default_rng(5))
    shape = (2, height - 2 * reach, width - 2 * reach)
    down, across = np.random.default_rng(5).integers(-reach, reach, size=shape)
    cells = np.arange(height * width).reshape(height, width)
    for row in range(height - reach, reach, -1):
        for column in range(width - reach, reach, -1):
            y, x = row + down[row - reach - 1, column - reach - 1], column + across[row - reach - 1, column - reach - 1]
            cells[row, column] = cells[y, x]
    assert np.array_equal(found, cells.ravel())


def test_another_seed_shifts_other_pixels() -> None:
    assert not np.array_equal(*(applied("glass_blur", stripes(), seed=seed, severity=3) for seed in (1, 2)))
