"""A point becomes a disk."""

from __future__ import annotations

import numpy as np
import pytest

from tests.support.builders.steps import applied


@pytest.mark.parametrize(("severity", "radius"), list(enumerate((3, 4, 6, 8, 10), start=1)))
def test_a_point_becomes_an_evenly_lit_disk(severity: int, radius: int) -> None:
    pixels = np.zeros((224, 224, 4), np.uint8)
    pixels[110:113, 110:113] = 255
    row = applied("defocus_blur", pixels, severity=severity)[111, :, 0].astype(int)
    lit = np.flatnonzero(row > row.max() / 2)
    assert abs((lit[-1] - lit[0]) / 2 - radius) <= 1.1
    assert np.ptp(row[111 - radius + 2 : 111 + radius - 1]) <= 3


def test_an_even_image_stays_as_it_is() -> None:
    assert np.array_equal(
        applied("defocus_blur", np.full((30, 40, 4), 90, np.uint8), severity=5), np.full((30, 40, 3), 90)
    )
