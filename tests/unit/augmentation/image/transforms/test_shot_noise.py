"""Photons are counted."""

from __future__ import annotations

import numpy as np
import pytest

from augmentation.image.kernels import poisson
from tests.support.builders.steps import drawn

# ImageNet-C, Hendrycks and Dietterich 2019.
PHOTONS = {1: 60, 2: 25, 3: 12, 4: 5, 5: 3}


@pytest.mark.parametrize("severity", PHOTONS)
def test_severity_says_how_many_photons_make_white(severity: int) -> None:
    assert drawn("shot_noise", severity=severity)["photons"] == PHOTONS[severity]


@pytest.mark.parametrize("kernel", [poisson.table_shot, poisson.exact_shot])
@pytest.mark.parametrize("count", PHOTONS.values())
def test_mean_and_variance_are_poissons(kernel: poisson.Kernel, count: int) -> None:
    value = 51  # a fifth of white: `count` / 5 photons, so that next to nothing is cut off at white
    found = kernel(np.full((256, 256, 4), value, np.uint8), count, 3).astype(float)
    assert found.mean() == pytest.approx(value, rel=0.02)
    expected = count / 5
    assert (found * count / 255).var() == pytest.approx(expected, rel=0.05)


@pytest.mark.parametrize("count", PHOTONS.values())
def test_each_count_is_as_frequent_as_poisson_says(count: int) -> None:
    found = poisson.table_shot(np.full((256, 256, 4), 102, np.uint8), count, 3)
    dark = np.exp(-count * 0.4)
    assert (found == 0).mean() == pytest.approx(dark, abs=0.004)
    one = found == round(255 / count)
    assert one.mean() == pytest.approx(dark * count * 0.4, abs=0.006)


@pytest.mark.parametrize("kernel", [poisson.table_shot, poisson.exact_shot])
def test_black_has_no_photons(kernel: poisson.Kernel) -> None:
    assert not kernel(np.zeros((9, 9, 4), np.uint8), 60, 1).any()
