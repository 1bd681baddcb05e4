"""Light of varying density hides the contrast."""

from __future__ import annotations

import numpy as np
import pytest

from augmentation.image.kernels.scale import fractal
from tests.support.builders.steps import applied

FOGS = (1.5, 2, 2.5, 2.5, 3)


@pytest.mark.parametrize(("severity", "density"), list(enumerate(FOGS, start=1)))
def test_contrast_sinks_as_the_density_says(severity: int, density: float) -> None:
    """(x + density * plasma) * brightest / (brightest + density): of a difference, 1 / (1 + density) is left."""
    edge = np.zeros((224, 224, 4), np.uint8)
    edge[0, 0] = 255  # the brightest value
    edge[:, 1::2] = 200
    found = applied("fog", edge, severity=severity).astype(float)
    left = np.abs(np.diff(found[1:, ::2].mean(axis=0) - found[1:, 1::2].mean(axis=0))).mean()
    difference = (found[1:, 1::2] - found[1:, ::2]).mean()
    assert difference == pytest.approx(200 / (1 + density), abs=2)
    assert left < 10


def test_fog_is_coarse_when_the_plasma_decays_fast_and_finer_at_severity_5() -> None:
    gray = np.full((224, 224, 4), 255, np.uint8)
    roughness = [
        np.abs(np.diff(found, axis=1)).mean() / found.std()
        for found in (applied("fog", gray, severity=severity)[..., 0].astype(float) for severity in (1, 5))
    ]
    assert roughness[1] > roughness[0] * 1.5


def test_the_plasma_has_the_statistics_of_imagenet_c() -> None:
    """Of 300 maps of `plasma_fractal`: mean .50 and deviation .151 at decay 2, .50 and .180 at 1.4. Octaves of random
    lattices, stretched to their own extremes, deviate by 31 % more."""
    for decay, deviation in ((2, 0.151), (1.4, 0.180)):
        maps = [fractal((224, 224), decay, np.random.default_rng(seed)) for seed in range(200)]
        assert np.mean(maps) == pytest.approx(0.5, abs=0.02)
        assert np.mean([one.std() for one in maps]) == pytest.approx(deviation, rel=0.04)


def test_a_plasma_longer_than_the_largest_map_goes_on_without_a_seam() -> None:
    plasma = fractal((8, 1300), 2, np.random.default_rng(1))
    jumps = np.abs(np.diff(plasma, axis=1)).max(axis=0)
    assert jumps[511] <= jumps.max() < 0.1
    assert np.array_equal(plasma[:, :512], plasma[:, 512:1024])


def test_a_black_image_stays_black() -> None:
    assert applied("fog", np.zeros((20, 30, 4), np.uint8), severity=5).max() == 0
