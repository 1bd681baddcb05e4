"""translate: right and down for positive shares."""

from __future__ import annotations

import numpy as np

from tests.support.builders.photos import any_bgrx
from tests.support.builders.steps import applied_bgrx


def test_whole_pixels_move_exactly_right_and_down() -> None:
    pixels = any_bgrx(40, 20)
    found = applied_bgrx("translate", pixels, x=[0.25, 0.25], y=[0.1, 0.1])
    assert np.array_equal(found[2:, 10:], pixels[:-2, :-10])


def test_the_mirror_image_moves_in() -> None:
    pixels = any_bgrx(40, 20)
    found = applied_bgrx("translate", pixels, x=[-0.1, -0.1], y=[0, 0])
    assert np.array_equal(found[:, 36:], pixels[:, [38, 37, 36, 35]])
