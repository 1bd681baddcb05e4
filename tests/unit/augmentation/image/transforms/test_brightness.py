"""A share of white is added to every value."""

from __future__ import annotations

import numpy as np
import pytest

from tests.support.builders.steps import applied, drawn, ramp

VALUES = np.arange(256)


@pytest.mark.parametrize("amount", [-0.4, 0.0, 0.2, 1.0])
def test_the_share_of_white_is_added_and_nothing_wraps_around(amount: float) -> None:
    found = applied("brightness", ramp(), amount=(amount, amount))[..., 0].ravel()
    assert np.array_equal(found, np.clip(VALUES + round(255 * amount), 0, 255))


def test_amounts_fill_their_range() -> None:
    amounts = [drawn("brightness", seed, amount=(-0.3, 0.1))["amount"] for seed in range(200)]
    assert -0.3 <= min(amounts) < -0.28
    assert 0.08 < max(amounts) <= 0.1
