"""A point becomes a streak to one side."""

from __future__ import annotations

import numpy as np
import pytest

from tests.support.builders.steps import applied, drawn


@pytest.mark.parametrize("severity", range(1, 6))
def test_a_point_becomes_a_streak_along_the_drawn_direction(severity: int) -> None:
    pixels = np.zeros((224, 224, 4), np.uint8)
    pixels[110:115, 110:115] = 255
    degrees = drawn("motion_blur", severity=severity)["degrees"]
    light = applied("motion_blur", pixels, severity=severity)[..., 0].astype(float)
    rows, columns = np.indices(light.shape)
    rows, columns = rows - 112, columns - 112
    across, down = ((axis * light).sum() / light.sum() for axis in (columns, rows))
    # The light lies on the line through the point, on one side of it.
    assert np.degrees(np.arctan2(-down, -across)) == pytest.approx(degrees, abs=4)
    beside = rows * np.cos(np.radians(degrees)) - columns * np.sin(np.radians(degrees))
    assert np.abs(beside[light > 3]).max() < 6


def test_streaks_get_longer_with_severity_and_lie_within_45_degrees() -> None:
    assert all(abs(drawn("motion_blur", seed)["degrees"]) <= 45 for seed in range(50))
    white = np.zeros((224, 224, 4), np.uint8)
    white[110:115, 110:115] = 255
    peaks = [int(applied("motion_blur", white, severity=severity).max()) for severity in range(1, 6)]
    assert sorted(peaks, reverse=True) == peaks
    assert len(set(peaks)) == 5
