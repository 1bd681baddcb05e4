"""Discovers every transform and holds it to the contract on awkward images."""

from __future__ import annotations

import importlib
import json
import pkgutil
from typing import Any

import numpy as np
import pytest

from augmentation.execution.graph import Intermediate
from augmentation.execution.registry import BY_STEP
from augmentation.image.frame import Frame
from augmentation.seeds import rng_of
from domain.recipe.steps import STEP_TYPES, any_step, op_of
from domain.recipe.steps.custom import Custom
from tests.support.builders.photos import any_bgrx

SHAPES = [(1, 1), (1, 9), (7, 1), (31, 17), (64, 48), (200, 333)]


def applied(transform: Any, pixels: np.ndarray, seed: int) -> tuple[np.ndarray, dict[str, Any]]:
    step = any_step(transform.step)
    values = transform.draw(step, rng_of(seed))
    return Intermediate(Frame.whole(pixels)).then(step, values).settled().media.pixels, values


TRANSFORMS = [BY_STEP[step] for step in STEP_TYPES if step.medium == "image"]
every_transform = pytest.mark.parametrize("transform", TRANSFORMS, ids=lambda transform: op_of(transform.step))


@pytest.mark.parametrize("medium", ["image", "audio"])
def test_every_step_has_one_transform_and_every_transform_a_step(medium: str) -> None:
    package = importlib.import_module(f"augmentation.{medium}.transforms")
    steps = {op_of(step): step for step in STEP_TYPES if step.medium == medium}
    assert {module.name for module in pkgutil.iter_modules(package.__path__)} == set(steps)
    assert all(BY_STEP[step].step is step for step in (*steps.values(), Custom))


@every_transform
@pytest.mark.parametrize("size", SHAPES, ids=str)
def test_dtype_and_channels_stay_on_any_shape(transform: Any, size: tuple[int, int]) -> None:
    found, _ = applied(transform, any_bgrx(*size), seed=3)
    assert found.dtype == np.uint8
    assert found.ndim == 3
    assert found.shape[2] == 4


@every_transform
def test_the_size_changes_only_where_the_step_names_one(transform: Any) -> None:
    found, values = applied(transform, any_bgrx(31, 17), seed=3)
    assert found.shape[:2] == (values.get("height", 17), values.get("width", 31))


@every_transform
def test_the_same_seed_draws_the_same_values_and_pixels(transform: Any) -> None:
    (one, first), (other, second) = applied(transform, any_bgrx(), 5), applied(transform, any_bgrx(), 5)
    assert first == second
    assert np.array_equal(one, other)


@every_transform
def test_drawn_values_survive_json_and_then_make_the_same_pixels(transform: Any) -> None:
    found, values = applied(transform, any_bgrx(), 5)
    read_back = json.loads(json.dumps(values))
    assert read_back == values
    again = Intermediate(Frame.whole(any_bgrx())).then(any_step(transform.step), read_back).settled().media.pixels
    assert np.array_equal(found, again)


@every_transform
def test_the_input_is_not_written_to(transform: Any) -> None:
    pixels = any_bgrx()
    pixels.setflags(write=False)
    applied(transform, pixels, 5)


@every_transform
def test_a_step_that_says_it_draws_does_draw(transform: Any) -> None:
    step = any_step(transform.step)
    drawn = {json.dumps(transform.draw(step, rng_of(seed)), sort_keys=True) for seed in range(8)}
    assert (len(drawn) > 1) == step.always_draws
