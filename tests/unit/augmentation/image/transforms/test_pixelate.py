"""Blocks of one color."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from tests.support.builders.photos import any_bgrx
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


@pytest.mark.parametrize("severity", [1, 2, 3, 4, 5])
def test_an_image_of_224_pixels_is_as_pillow_makes_it(severity: int) -> None:
    """`pixelate` of ImageNet-C: scaled down by Pillow's box filter, and up by the nearest."""
    pixels = any_bgrx(224, 224)
    image, side = Image.fromarray(pixels[..., 2::-1].copy()), int(224 * (0.6, 0.5, 0.4, 0.3, 0.25)[severity - 1])
    peer = image.resize((side, side), Image.Resampling.BOX).resize((224, 224), Image.Resampling.NEAREST)
    assert np.abs(applied("pixelate", pixels, severity=severity).astype(int) - np.asarray(peer)).max() <= 1


def test_blocks_grow_with_a_large_image_and_not_with_a_small_one() -> None:
    def block(side: int) -> int:
        ramp = np.linspace(0, 255, side).astype(np.uint8)[None, :, None].repeat(side, 0).repeat(4, 2)
        row = applied("pixelate", ramp, severity=5)[0, :, 0]
        return int(np.diff(np.flatnonzero(np.diff(row.astype(int)))).min())

    assert (block(112), block(224), block(896)) == (4, 4, 16)
