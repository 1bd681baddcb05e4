"""A power of the share of white."""

from __future__ import annotations

import numpy as np
import pytest

from tests.support.builders.photos import any_bgrx
from tests.support.builders.steps import applied, ramp

VALUES = np.arange(256)


@pytest.mark.parametrize("power", [0.4, 1.0, 2.2])
def test_values_are_raised_to_the_power(power: float) -> None:
    found = applied("gamma", ramp(), gamma=(power, power))[..., 0].ravel()
    assert np.array_equal(found, np.rint(255 * (VALUES / 255) ** power))


def test_below_one_lightens_and_above_one_darkens() -> None:
    before = any_bgrx()[..., :3].mean()
    assert applied("gamma", any_bgrx(), gamma=(0.5, 0.5)).mean() > before + 10
    assert applied("gamma", any_bgrx(), gamma=(2, 2)).mean() < before - 10
