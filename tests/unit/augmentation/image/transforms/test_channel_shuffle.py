"""Red, green and blue change places."""

from __future__ import annotations

import numpy as np
import pytest

from augmentation.image.kernels import color
from tests.support.builders.photos import any_bgrx
from tests.support.builders.steps import applied, drawn

ORDERS = {"rgb", "rbg", "grb", "gbr", "brg", "bgr"}


@pytest.mark.parametrize("order", sorted(ORDERS))
def test_the_order_names_what_becomes_red_green_and_blue(order: str) -> None:
    pixels = any_bgrx()
    found = color.reorder(pixels, order)
    for place, channel in zip((2, 1, 0), order, strict=True):
        assert np.array_equal(found[..., place], pixels[..., "bgr".index(channel)])


def test_all_six_orders_are_drawn_equally_often() -> None:
    orders = [drawn("channel_shuffle", seed)["order"] for seed in range(3000)]
    assert set(orders) == ORDERS
    assert all(400 < orders.count(order) < 600 for order in ORDERS)


def test_no_value_is_lost() -> None:
    found = applied("channel_shuffle", any_bgrx())
    assert np.array_equal(np.sort(found, axis=2), np.sort(any_bgrx()[..., :3], axis=2))
