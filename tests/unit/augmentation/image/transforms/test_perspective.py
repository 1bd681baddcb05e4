"""perspective: the corners go where the drawn values say."""

from __future__ import annotations

import numpy as np
import pytest

from augmentation.image.kernels import warp
from tests.support.builders.photos import any_bgrx
from tests.support.builders.steps import applied_bgrx, drawn


def test_the_corners_move_inward_by_their_shares() -> None:
    corners = [[0.1, 0.2], [0.05, 0.0], [0.25, 0.25], [0.0, 0.1]]
    matrix = warp.tilting(corners, 100, 50)
    wanted = [(10, 10), (95, 0), (75, 37.5), (0, 45)]
    for (x, y), new in zip([(0, 0), (100, 0), (100, 50), (0, 50)], wanted, strict=True):
        moved = matrix.moved(x - 0.5, y - 0.5)
        assert (moved[0] + 0.5, moved[1] + 0.5) == pytest.approx(new, abs=1e-3)


def test_without_indent_nothing_moves() -> None:
    pixels = any_bgrx(31, 17)
    found = applied_bgrx("perspective", pixels, indent=[0, 0])
    assert np.abs(found.astype(int) - pixels).max() <= 1


def test_no_horizon_crosses_the_image_even_at_the_strongest() -> None:
    """In front of the horizon the denominator of the map back is positive."""
    for seed in range(200):
        back = np.linalg.inv(warp.tilting(drawn("perspective", seed, indent=[0, 0.25])["corners"], 64, 48).array())
        places = np.array([[0, 0, 1], [63, 0, 1], [63, 47, 1], [0, 47, 1]]).T
        assert np.all((back / back[2, 2] @ places)[2] > 0) or np.all((back / back[2, 2] @ places)[2] < 0)


def test_a_perspective_and_a_turn_are_one_warp() -> None:
    pixels = any_bgrx(60, 40)
    turn, tilt = warp.rotation(10, 60, 40), warp.tilting([[0.1, 0.1]] * 4, 60, 40)
    at_once = warp.warp(pixels, tilt @ turn)
    one_by_one = warp.warp(warp.warp(pixels, turn), tilt)
    inner = np.s_[12:28, 15:45]
    assert np.abs(at_once[inner].astype(int) - one_by_one[inner]).mean() < 2
