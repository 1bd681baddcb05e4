"""Sharp in the middle, streaked outward."""

from __future__ import annotations

import numpy as np
import pytest

from tests.support.builders.steps import applied


@pytest.mark.parametrize(("severity", "last"), list(enumerate((1.11, 1.15, 1.2, 1.24, 1.3), start=1)))
def test_a_point_is_drawn_outward_as_far_as_the_last_factor(severity: int, last: float) -> None:
    pixels = np.zeros((225, 225, 4), np.uint8)
    pixels[:, 180:183] = 255  # 69 pixels right of the middle
    lit = np.flatnonzero(applied("zoom_blur", pixels, severity=severity)[112, :, 0] > 3)
    assert abs(lit[0] - 180) <= 1
    assert abs((lit[-1] - 112) - 70 * last) <= 2


def test_the_middle_stays_sharp() -> None:
    pixels = np.zeros((225, 225, 4), np.uint8)
    pixels[112, 112] = 255
    assert applied("zoom_blur", pixels, severity=1)[112, 112, 0] > 230
