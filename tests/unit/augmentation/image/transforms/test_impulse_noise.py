"""Some values become 0 or 255."""

from __future__ import annotations

import numpy as np
import pytest

from augmentation.image.kernels import noise
from tests.support.builders.photos import any_bgrx
from tests.support.builders.steps import applied, drawn

# ImageNet-C, Hendrycks and Dietterich 2019.
AMOUNTS = {1: 0.03, 2: 0.06, 3: 0.09, 4: 0.17, 5: 0.27}
GRAY = np.full((256, 256, 4), 100, np.uint8)


@pytest.mark.parametrize("severity", AMOUNTS)
def test_severity_says_how_many_values_are_hit_half_of_them_white(severity: int) -> None:
    assert drawn("impulse_noise", severity=severity)["amount"] == AMOUNTS[severity]
    found = applied("impulse_noise", GRAY, severity=severity)
    assert (found == 0).mean() == pytest.approx(AMOUNTS[severity] / 2, rel=0.06)
    assert (found == 255).mean() == pytest.approx(AMOUNTS[severity] / 2, rel=0.06)


def test_channels_are_hit_apart() -> None:
    hit = applied("impulse_noise", GRAY, severity=5).reshape(-1, 3) != 100
    assert np.abs(np.corrcoef(hit.T) - np.eye(3)).max() < 0.02


def test_all_other_values_stay() -> None:
    found, before = applied("impulse_noise", any_bgrx(), severity=5), any_bgrx()[..., 2::-1]
    assert np.all((found == before) | (found == 0) | (found == 255))


@pytest.mark.parametrize("amount", [0.0, 1.0])
def test_none_and_all(amount: float) -> None:
    found = noise.impulses(GRAY, amount, 1)
    assert set(np.unique(found)) == ({100} if amount == 0 else {0, 255})
