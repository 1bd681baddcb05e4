"""Blocks of one color."""

from __future__ import annotations

import numpy as np
import pytest

from tests.support.builders.steps import applied


@pytest.mark.parametrize(("severity", "side"), list(enumerate((134, 112, 89, 67, 56), start=1)))
def test_so_many_columns_differ(severity: int, side: int) -> None:
    row = applied(
        "pixelate", np.arange(224, dtype=np.uint8)[None, :, None].repeat(224, 0).repeat(4, 2), severity=severity
    )
    assert len(np.unique(row[0, :, 0])) == side


def test_a_block_is_the_mean_of_what_it_covers() -> None:
    pixels = np.zeros((224, 224, 4), np.uint8)
    pixels[:4, :2] = 200
    assert np.array_equal(applied("pixelate", pixels, severity=5)[:4, :4], np.full((4, 4, 3), 100))


def test_blocks_grow_with_a_large_image_and_not_with_a_small_one() -> None:
    def block(side: int) -> int:
        ramp = np.linspace(0, 255, side).astype(np.uint8)[None, :, None].repeat(side, 0).repeat(4, 2)
        row = applied("pixelate", ramp, severity=5)[0, :, 0]
        return int(np.diff(np.flatnonzero(np.diff(row.astype(int)))).min())

    assert (block(112), block(224), block(896)) == (4, 4, 16)
