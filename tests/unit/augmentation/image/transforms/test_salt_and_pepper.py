"""Some pixels become white or black."""

from __future__ import annotations

import numpy as np
import pytest

from tests.support.builders.steps import applied

GRAY = np.full((256, 256, 4), 100, np.uint8)


@pytest.mark.parametrize("salt", [0.0, 0.25, 1.0])
def test_amount_and_salt_are_the_shares_they_say(salt: float) -> None:
    found = applied("salt_and_pepper", GRAY, amount=(0.2, 0.2), salt=salt)
    assert (found == 255).mean() == pytest.approx(0.2 * salt, abs=0.006)
    assert (found == 0).mean() == pytest.approx(0.2 * (1 - salt), abs=0.006)


def test_whole_pixels_are_hit() -> None:
    found = applied("salt_and_pepper", GRAY, amount=(0.3, 0.3))
    assert np.ptp(found, axis=2).max() == 0


@pytest.mark.parametrize(("amount", "expected"), [(0.0, {100}), (1.0, {0, 255})])
def test_none_and_all(amount: float, expected: set[int]) -> None:
    assert set(np.unique(applied("salt_and_pepper", GRAY, amount=(amount, amount)))) == expected
