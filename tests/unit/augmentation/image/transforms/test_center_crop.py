"""center_crop: whole pixels from the middle, a mirror image around what is too small."""

from __future__ import annotations

import numpy as np

from tests.support.builders.photos import any_bgrx
from tests.support.builders.steps import applied_bgrx


def test_the_middle_is_copied_pixel_by_pixel() -> None:
    pixels = any_bgrx(31, 20)
    assert np.array_equal(applied_bgrx("center_crop", pixels, width=10, height=6), pixels[7:13, 10:20])


def test_around_a_smaller_image_stands_its_mirror_image() -> None:
    pixels = any_bgrx(6, 30)
    found = applied_bgrx("center_crop", pixels, width=10, height=10)
    assert np.array_equal(found[:, 2:8], pixels[10:20])
    assert np.array_equal(found[:, 1], pixels[10:20, 1])


def test_a_single_pixel_fills_the_crop() -> None:
    assert np.all(applied_bgrx("center_crop", np.full((1, 1, 4), 77, np.uint8), width=9, height=5) == 77)
