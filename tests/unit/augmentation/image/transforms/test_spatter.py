"""Drops of water add light, drops of mud hide."""

from __future__ import annotations

import numpy as np
import pytest

from tests.support.builders.steps import applied


def gray() -> np.ndarray:
    return np.full((224, 224, 4), 100, np.uint8)


@pytest.mark.parametrize("severity", [1, 2, 3])
def test_water_only_lightens_and_is_pale_turquoise(severity: int) -> None:
    added = applied("spatter", gray(), severity=severity).astype(int) - 100
    assert added.min() == 0
    assert 0.001 < (added[..., 1] > 10).mean() < 0.5
    assert added[..., 0].max() / added[..., 1].max() == pytest.approx(175 / 238, abs=0.1)


@pytest.mark.parametrize("severity", [4, 5])
def test_mud_hides_a_part_and_leaves_the_rest(severity: int) -> None:
    found = applied("spatter", gray(), severity=severity).astype(int)
    untouched = (found == 100).all(axis=2)
    assert 0.3 < untouched.mean() < 0.95
    assert np.abs(found.reshape(-1, 3) - (63, 42, 20)).sum(axis=1).min() <= 3


def test_drops_get_more_with_severity() -> None:
    touched = [
        float((applied("spatter", gray(), severity=severity) != 100).any(axis=2).mean()) for severity in (1, 2, 3)
    ]
    assert touched == sorted(touched)
