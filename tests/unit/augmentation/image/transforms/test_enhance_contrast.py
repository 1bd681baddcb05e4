"""An S-curve."""

from __future__ import annotations

import numpy as np
import pytest

from tests.support.builders.steps import applied, ramp


def curve(gain: float, cutoff: float = 0.5) -> np.ndarray:
    return applied("enhance_contrast", ramp(), gain=(gain, gain), cutoff=(cutoff, cutoff))[..., 0].ravel().astype(int)


@pytest.mark.parametrize("gain", [0.1, 6, 50])
@pytest.mark.parametrize("cutoff", [0.0, 0.3, 1.0])
def test_black_and_white_stay_and_the_order_of_values_too(gain: float, cutoff: float) -> None:
    found = curve(gain, cutoff)
    assert (found[0], found[-1]) == (0, 255)
    assert np.all(np.diff(found) >= 0)


def test_it_is_steepest_at_the_cutoff() -> None:
    slope = np.diff(np.convolve(curve(10, 0.3), np.ones(9) / 9, "valid"))
    assert np.argmax(slope) + 4 == pytest.approx(0.3 * 255, abs=6)


def test_a_small_gain_changes_next_to_nothing_and_a_large_one_much() -> None:
    assert np.abs(curve(0.1) - np.arange(256)).max() <= 1
    assert curve(10)[64] < 30
    assert curve(10)[191] > 225
