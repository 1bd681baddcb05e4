"""Value of HSV is raised."""

from __future__ import annotations

import numpy as np
import pytest

from tests.support.builders.steps import applied, one_color


@pytest.mark.parametrize(("severity", "plus"), list(enumerate((0.1, 0.2, 0.3, 0.4, 0.5), start=1)))
def test_the_largest_channel_rises_by_a_share_of_white_and_the_ratios_stay(severity: int, plus: float) -> None:
    red, green, blue = applied("corrupt_brightness", one_color(100, 50, 20), severity=severity)[0, 0].astype(float)
    assert red == pytest.approx(100 + 255 * plus, abs=1)
    assert green / red == pytest.approx(0.5, abs=0.01)
    assert blue / red == pytest.approx(0.2, abs=0.01)


def test_white_is_the_limit() -> None:
    assert np.array_equal(applied("corrupt_brightness", one_color(200, 200, 200), severity=5)[0, 0], (255, 255, 255))
