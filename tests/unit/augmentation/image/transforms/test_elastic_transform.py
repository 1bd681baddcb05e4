"""Pixels move a little, each region its own way."""

from __future__ import annotations

import numpy as np
import pytest

from tests.support.builders.steps import applied, drawn


def ramps() -> np.ndarray:
    """Blue tells a pixel's column, green its row, both in 224 pixels."""
    columns, rows = np.meshgrid(np.arange(224), np.arange(224))
    return np.dstack([columns, rows, 0 * rows, 0 * rows]).astype(np.uint8)


def shifts(**parameters: object) -> np.ndarray:
    found = applied("elastic_transform", ramps(), **parameters).astype(int)
    before = ramps()[..., :3].astype(int)[..., ::-1]
    return (found - before)[..., 1:][30:-30, 30:-30]


@pytest.mark.parametrize(
    ("severity", "strength", "sigma"), [(2, 488, 19.5), (3, 12.2, 2.44), (4, 17.1, 2.44), (5, 29.3, 2.44)]
)
def test_shifts_are_as_large_as_smoothed_noise_is(severity: int, strength: float, sigma: float) -> None:
    """Even noise in -1..1 deviates by 1 / sqrt(3); a Gaussian filter divides that by 2 * sqrt(pi) * sigma."""
    deviations = [shifts(seed=seed, severity=severity, affine=False).std() for seed in range(4)]
    expected = strength / np.sqrt(3) / (2 * np.sqrt(np.pi) * sigma)
    assert np.mean(deviations) == pytest.approx(np.hypot(expected, 0.29), rel=0.25)


def test_without_the_affine_map_there_is_no_common_shift() -> None:
    assert max(np.abs(shifts(seed=seed, severity=5, affine=False).mean(axis=(0, 1))).max() for seed in range(4)) < 0.5


def test_the_affine_map_moves_everything() -> None:
    common = [np.abs(shifts(seed=seed, severity=1).mean(axis=(0, 1))).max() for seed in range(4)]
    assert max(common) > 4


def test_draws_do_not_depend_on_the_affine_map() -> None:
    with_it, without = (drawn("elastic_transform", affine=affine) for affine in (True, False))
    assert with_it["noise_seed"] == without["noise_seed"]
    assert (len(with_it["corners"]), without["corners"]) == (6, [])
