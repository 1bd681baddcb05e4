"""Light values are inverted."""

from __future__ import annotations

import numpy as np
import pytest

from tests.support.builders.steps import applied, ramp


@pytest.mark.parametrize("threshold", [0, 64, 128, 255])
def test_values_from_the_threshold_on_are_inverted(threshold: int) -> None:
    found = applied("solarize", ramp(), threshold=(threshold / 255, threshold / 255))[..., 0].ravel()
    values = np.arange(256)
    assert np.array_equal(found, np.where(values >= threshold, 255 - values, values))
