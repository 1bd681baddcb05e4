"""Fewer levels."""

from __future__ import annotations

import numpy as np
import pytest

from tests.support.builders.steps import applied, drawn, ramp


@pytest.mark.parametrize("bits", range(1, 9))
def test_the_highest_bits_stay(bits: int) -> None:
    found = applied("posterize", ramp(), bits=(bits, bits))[..., 0].ravel()
    assert np.array_equal(found, np.arange(256) & (0xFF << (8 - bits)))
    assert len(np.unique(found)) == 2**bits


def test_both_ends_of_the_range_are_drawn() -> None:
    assert {drawn("posterize", seed, bits=(2, 5))["bits"] for seed in range(100)} == {2, 3, 4, 5}
