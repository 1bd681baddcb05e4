"""cutout: rectangles of one color; all else stays."""

from __future__ import annotations

import numpy as np
import pytest

from tests.support.builders.photos import any_bgrx
from tests.support.builders.steps import applied_bgrx, drawn


def test_holes_have_the_color_and_the_rest_is_untouched() -> None:
    pixels = any_bgrx(60, 40) // 2
    found = applied_bgrx("cutout", pixels, holes=3, size=[0.2, 0.3], fill=[255, 254, 253])
    holes = np.all(found[..., :3] == [253, 254, 255], axis=-1)
    assert np.array_equal(found[~holes], pixels[~holes])
    assert 0 < holes.mean() < 3 * 0.3 * 0.3


def test_a_hole_covers_its_share_where_it_lies_inside() -> None:
    shares = []
    for seed in range(60):
        found = applied_bgrx("cutout", np.full((100, 200, 4), 9, np.uint8), seed, size=[0.3, 0.3])
        shares.append(float((found[..., 0] == 0).mean()))
    assert max(shares) == pytest.approx(0.09, abs=0.003)
    assert min(shares) >= 0.09 / 4 - 0.003  # the middle always lies inside


def test_the_mean_color_keeps_the_mean() -> None:
    pixels = any_bgrx(60, 40)
    found = applied_bgrx("cutout", pixels, size=[1, 1], fill="mean")
    changed = np.any(found != pixels, axis=-1)
    assert np.abs(found[changed][:, :3].mean(axis=0) - pixels[..., :3].mean(axis=(0, 1))).max() <= 1


def test_each_hole_is_drawn() -> None:
    assert len(drawn("cutout", holes=5)["holes"]) == 5
