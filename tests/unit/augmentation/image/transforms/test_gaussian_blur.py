"""A point becomes a bell of the severity's width."""

from __future__ import annotations

import numpy as np
import pytest

from tests.support.builders.corruptions import point, spread
from tests.support.builders.steps import applied


@pytest.mark.parametrize(("severity", "sigma"), list(enumerate((1, 2, 3, 4, 6), start=1)))
def test_a_point_is_spread_by_sigma(severity: int, sigma: float) -> None:
    before, after = spread(point()[..., :3]), spread(applied("gaussian_blur", point(), severity=severity))
    for was, now in zip(before, after, strict=True):
        assert np.sqrt(now**2 - was**2) == pytest.approx(sigma, rel=0.12)


@pytest.mark.parametrize("side", [112, 448, 1792])
def test_the_spread_grows_with_the_image(side: int) -> None:
    """Also above 896 pixels, where a smaller copy is blurred."""
    reference = spread(applied("gaussian_blur", point(), severity=4))[0]
    assert spread(applied("gaussian_blur", point(side), severity=4))[0] * 224 / side == pytest.approx(
        reference, rel=0.1
    )
