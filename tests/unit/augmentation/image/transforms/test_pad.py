"""pad: the image stays whole in the middle, and nothing is ever cut off."""

from __future__ import annotations

import numpy as np

from tests.support.builders.photos import any_bgrx
from tests.support.builders.steps import applied_bgrx


def test_a_color_is_red_green_blue_and_surrounds_the_untouched_image() -> None:
    pixels = any_bgrx(10, 7)
    found = applied_bgrx("pad", pixels, width=15, height=12, fill=[255, 128, 0])
    assert found.shape == (12, 15, 4)
    assert np.array_equal(found[2:9, 2:12], pixels) or np.array_equal(found[3:10, 3:13], pixels)
    assert found[0, 0, :3].tolist() == [0, 128, 255]
    assert found[-1, -1, :3].tolist() == [0, 128, 255]


def test_a_larger_side_stays_as_it_is() -> None:
    assert applied_bgrx("pad", any_bgrx(30, 7), width=20, height=20).shape == (20, 30, 4)


def test_an_edge_repeats_the_last_pixel() -> None:
    pixels = any_bgrx(4, 4)
    found = applied_bgrx("pad", pixels, width=8, height=4, fill="edge")
    assert np.array_equal(found[:, 0], pixels[:, 0])
    assert np.array_equal(found[:, 7], pixels[:, 3])
