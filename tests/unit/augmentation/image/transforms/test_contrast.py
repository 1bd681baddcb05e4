"""Values move away from middle gray, or toward it."""

from __future__ import annotations

import numpy as np
import pytest

from tests.support.builders.steps import applied, ramp

VALUES = np.arange(256)


@pytest.mark.parametrize("factor", [0.0, 0.5, 1.0, 2.0])
def test_the_distance_to_middle_gray_is_multiplied(factor: float) -> None:
    found = applied("contrast", ramp(), factor=(factor, factor))[..., 0].ravel().astype(int)
    assert np.abs(found - np.clip(127.5 + factor * (VALUES - 127.5), 0, 255)).max() <= 0.5


def test_a_low_factor_flattens_and_a_high_one_spreads() -> None:
    spread = [applied("contrast", ramp(), factor=(factor, factor)).std() for factor in (0.3, 1.0, 1.5)]
    assert spread == sorted(spread)
