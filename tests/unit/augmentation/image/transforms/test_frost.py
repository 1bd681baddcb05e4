"""Ice is added with the severity's weight."""

from __future__ import annotations

import numpy as np
import pytest

from tests.support.builders.steps import applied

WEIGHTS = ((1, 0.4), (0.8, 0.6), (0.7, 0.7), (0.65, 0.7), (0.6, 0.75))


@pytest.mark.parametrize(("severity", "weights"), list(enumerate(WEIGHTS, start=1)))
def test_the_image_is_weighted_and_ice_is_added(severity: int, weights: tuple[float, float]) -> None:
    dark, lighter = (
        applied("frost", np.full((224, 224, 4), value, np.uint8), severity=severity).astype(float) for value in (0, 40)
    )
    below = lighter < 255
    assert (lighter - dark)[below].mean() == pytest.approx(40 * weights[0], abs=1)
    assert 0.35 < dark.mean() / 255 / weights[1] < 0.9


def test_ice_is_as_bright_as_the_photos_of_imagenet_c() -> None:
    """frost1 to frost5 of ImageNet-C average 162 of 255, and a crop of 224 pixels deviates by 15 to 35."""
    black = np.zeros((224, 224, 4), np.uint8)
    panes = [applied("frost", black, seed=seed, severity=5).astype(float) / 0.75 for seed in range(60)]
    assert np.mean(panes) == pytest.approx(162, rel=0.05)
    assert 15 < np.mean([pane.std() for pane in panes]) < 35


def test_ice_is_uneven_bluish_and_another_with_each_seed() -> None:
    black = np.zeros((224, 224, 4), np.uint8)
    one, other = (applied("frost", black, seed=seed, severity=5).astype(float) for seed in (1, 2))
    assert one.std() > 10
    assert one[..., 2].mean() > one[..., 0].mean() * 1.05
    assert np.abs(one - other).mean() > 10


def test_a_large_image_has_the_same_ice() -> None:
    small, large = (applied("frost", np.zeros((side, side, 4), np.uint8), severity=3) for side in (224, 448))
    assert np.abs(large[::2, ::2].astype(int) - small).mean() < 8
