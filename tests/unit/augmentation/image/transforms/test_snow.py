"""White flakes, and paler colors."""

from __future__ import annotations

import numpy as np
import pytest

from tests.support.builders.steps import applied


def black(width: int = 224, height: int = 224) -> np.ndarray:
    return np.zeros((height, width, 4), np.uint8)


@pytest.mark.parametrize(("severity", "kept"), list(enumerate((0.8, 0.7, 0.7, 0.65, 0.55), start=1)))
def test_black_becomes_gray_and_flakes_fall_on_it(severity: int, kept: float) -> None:
    found = applied("snow", black(), severity=severity)
    assert abs(int(np.quantile(found, 0.01)) - 255 * 0.5 * (1 - kept)) <= 2  # (1 - kept) * (0 * 1.5 + 0.5)
    assert found.max() > 200


def test_there_are_as_many_flakes_upside_down() -> None:
    found = applied("snow", black(), severity=2)
    assert np.array_equal(found, found[::-1, ::-1])


def test_flakes_are_streaked_downward() -> None:
    gray = applied("snow", black(), severity=3)[..., 0].astype(float)
    assert np.abs(np.diff(gray, axis=0)).mean() < 0.8 * np.abs(np.diff(gray, axis=1)).mean()


def test_a_large_image_has_the_same_flakes() -> None:
    small, large = applied("snow", black(), severity=3), applied("snow", black(448, 448), severity=3)
    assert np.abs(large[::2, ::2].astype(int) - small).mean() < 6
