"""The whole range of lightness is used."""

from __future__ import annotations

import cv2
import numpy as np

from tests.support.builders.photos import any_bgrx
from tests.support.builders.steps import applied


def dull(width: int = 96, height: int = 80) -> np.ndarray:
    """A photo whose values all lie in 100-140."""
    return (100 + any_bgrx(width, height).astype(int) * 40 // 255).astype(np.uint8)


def luma(rgb: np.ndarray) -> np.ndarray:
    return cv2.cvtColor(np.ascontiguousarray(rgb), cv2.COLOR_RGB2GRAY).astype(int)


def test_the_histogram_of_lightness_becomes_flat() -> None:
    found = luma(applied("equalize", dull(), method="histogram"))
    shares = np.quantile(found, [0.1, 0.25, 0.5, 0.75, 0.9]) / 255
    assert np.abs(shares - [0.1, 0.25, 0.5, 0.75, 0.9]).max() < 0.06


def test_clahe_widens_the_range_but_less_than_all_at_once() -> None:
    before, after = luma(dull()[..., 2::-1]).std(), luma(applied("equalize", dull(), clip_limit=3)).std()
    assert before * 1.3 < after < luma(applied("equalize", dull(), method="histogram")).std()


def test_a_higher_clip_limit_allows_more_contrast() -> None:
    low, high = (luma(applied("equalize", dull(), clip_limit=limit)).std() for limit in (1, 6))
    assert high > low * 1.3


def test_each_tile_is_leveled_by_itself() -> None:
    halves = np.hstack([dull() // 4, dull()])  # a dark half beside a light one
    after = luma(applied("equalize", halves, clip_limit=40, tiles=2))
    assert after[:, :40].max() > 200
    assert after[:, -40:].min() < 60


def test_gray_stays_gray() -> None:
    gray = dull()[..., :1].repeat(4, axis=2)
    for method in ("clahe", "histogram"):
        found = applied("equalize", gray, method=method).astype(int)
        assert np.ptp(found, axis=2).max() == 0
