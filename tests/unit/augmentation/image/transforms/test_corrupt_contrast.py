"""Each channel is drawn toward its mean."""

from __future__ import annotations

import numpy as np
import pytest

from tests.support.builders.photos import any_bgrx
from tests.support.builders.steps import applied


@pytest.mark.parametrize(("severity", "share"), list(enumerate((0.4, 0.3, 0.2, 0.1, 0.05), start=1)))
def test_means_stay_and_the_deviation_shrinks(severity: int, share: float) -> None:
    before = any_bgrx()[..., 2::-1].astype(float)
    found = applied("corrupt_contrast", any_bgrx(), severity=severity).astype(float)
    assert np.abs(found.mean(axis=(0, 1)) - before.mean(axis=(0, 1))).max() < 0.6
    assert found.std(axis=(0, 1)) == pytest.approx(share * before.std(axis=(0, 1)), abs=0.4)
