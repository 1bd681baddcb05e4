"""random_crop: whole pixels from a random place, or a scaled part of the image."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from augmentation.execution.registry import BY_STEP
from augmentation.image.frame import Box
from augmentation.seeds import rng_of
from domain.recipe.steps.geometry import RandomCrop
from tests.support.builders.photos import any_bgrx
from tests.support.builders.steps import applied_bgrx, drawn


def draw_of(step: RandomCrop, seed: int) -> dict[str, Any]:
    return BY_STEP[RandomCrop].draw(step, rng_of(seed))


def places(width: int, height: int) -> np.ndarray:
    """Each pixel tells its own x and y."""
    pixels = np.zeros((height, width, 4), np.uint8)
    pixels[..., 0], pixels[..., 1] = np.arange(width), np.arange(height)[:, None]
    return pixels


def test_the_part_is_a_copy_of_whole_pixels_and_every_place_occurs() -> None:
    pixels = places(9, 7)
    seen = set()
    for seed in range(300):
        found = applied_bgrx("random_crop", pixels, seed, width=6, height=5)
        x, y = int(found[0, 0, 0]), int(found[0, 0, 1])
        assert np.array_equal(found, pixels[y : y + 5, x : x + 6])
        seen.add((x, y))
    assert len(seen) == 4 * 3


def test_a_larger_crop_holds_the_whole_image_at_a_random_place() -> None:
    pixels = any_bgrx(5, 4)
    for seed in range(20):
        found = applied_bgrx("random_crop", pixels, seed, width=9, height=8)
        assert any(np.array_equal(found[y : y + 4, x : x + 5], pixels) for y in range(5) for x in range(5))


def test_scale_and_aspect_say_how_much_of_the_image_is_seen() -> None:
    pixels = places(200, 100)
    fields = {"width": 50, "height": 50, "scale": [0.25, 0.25], "aspect": [1, 1]}
    for seed in range(10):
        found = applied_bgrx("random_crop", pixels, seed, **fields).astype(int)
        # A square of a quarter of 200 x 100 pixels has sides of 70.7 pixels.
        assert found[..., 0].max() - found[..., 0].min() == pytest.approx(70.7, abs=3)
        assert found[..., 1].max() - found[..., 1].min() == pytest.approx(70.7, abs=3)


@pytest.mark.parametrize(("width", "height"), [(640, 427), (200, 200), (300, 1000)])
def test_parts_are_within_the_bounds_of_aspect_and_area(width: int, height: int) -> None:
    step = RandomCrop(op="random_crop", width=64, height=64, scale=(0.08, 1))
    boxes = [BY_STEP[RandomCrop].region(draw_of(step, seed), Box(0, 0, width, height)).box for seed in range(3000)]
    aspects = np.array([box.width / box.height for box in boxes])
    shares = np.array([box.width * box.height for box in boxes]) / (width * height)
    assert aspects.min() >= 0.75 - 1e-9
    assert aspects.max() <= 4 / 3 + 1e-9
    assert shares.min() >= 0.08
    assert all(box.left >= 0 and box.left + box.width <= width + 1e-9 for box in boxes)
    assert all(box.top >= 0 and box.top + box.height <= height + 1e-9 for box in boxes)


def test_where_nothing_fits_the_largest_middle_part_within_the_aspect_is_taken() -> None:
    step = RandomCrop(op="random_crop", width=64, height=64, scale=(1, 1))
    region = BY_STEP[RandomCrop].region(draw_of(step, 1), Box(0, 0, 400, 100))
    assert tuple(region.box) == pytest.approx((200 - 400 / 6, 0, 400 / 3, 100))


def test_an_aspect_is_as_often_wide_as_tall() -> None:
    fields = {"width": 5, "height": 5, "scale": [0.5, 1], "aspect": [0.25, 4]}
    tries = [drawn("random_crop", seed, **fields)["tries"] for seed in range(300)]
    assert np.mean(np.log([aspect for one in tries for _, aspect in one])) == pytest.approx(0, abs=0.05)


def test_the_usual_aspect_is_drawn_when_none_is_named() -> None:
    tries = [drawn("random_crop", seed, width=5, height=5, scale=[0.5, 1])["tries"] for seed in range(20)]
    aspects = [aspect for one in tries for _, aspect in one]
    assert 0.75 <= min(aspects) < 0.8
    assert 1.28 < max(aspects) <= 1.3334


def test_an_aspect_without_scale_is_refused() -> None:
    with pytest.raises(ValidationError, match="needs `scale`"):
        RandomCrop(op="random_crop", width=5, height=5, aspect=(1, 2))
