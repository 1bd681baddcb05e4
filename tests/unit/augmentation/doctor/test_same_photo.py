"""Parts of a photo are known again, and what only has points in common is not."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from augmentation.doctor.same_photo import correlation, points_of
from tests.unit.augmentation.doctor.scenes import gray, scene

PHOTO = scene(1, 480, 360)


@pytest.mark.parametrize(
    "part",
    [
        PHOTO[96:, 72:],
        PHOTO[:384, :288],
        cv2.resize(PHOTO[40:430, 30:330], (450, 585)),
        np.rot90(PHOTO),
        (PHOTO * 0.6 + 20).astype(np.uint8),
    ],
    ids=["lower right", "upper left", "cut and enlarged", "turned", "darker"],
)
def test_a_part_of_a_photo_is_the_photo(part: np.ndarray) -> None:
    assert correlation(points_of(gray(PHOTO)), points_of(gray(part))) > 0.95


def test_another_scene_is_another_photo() -> None:
    assert correlation(points_of(gray(PHOTO)), points_of(gray(scene(2, 480, 360)))) == 0


def test_the_same_print_on_another_ground_is_another_photo() -> None:
    """Many points agree; the pixels around them do not."""
    other = scene(3, 480, 360)
    other[150:300, 100:250] = PHOTO[150:300, 100:250]
    assert correlation(points_of(gray(PHOTO)), points_of(gray(other))) == 0


def test_a_blank_picture_is_no_part_of_any() -> None:
    blank = np.full((300, 300), 90, np.uint8)
    assert correlation(points_of(gray(PHOTO)), points_of(blank)) == 0
    assert correlation(points_of(blank), points_of(blank)) == 0
