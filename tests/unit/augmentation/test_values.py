"""How values are drawn."""

from __future__ import annotations

import random

import numpy as np
import pytest

from augmentation.execution.registry import BY_STEP
from augmentation.values import log_uniform
from domain.recipe.steps import STEPS_BY_OP


def test_a_ratio_is_as_often_halved_as_doubled() -> None:
    """The mean of 0.5 to 2 is 1.5 / ln 4 = 1.082, where a uniform draw has 1.25."""
    rng = random.Random(3)
    found = np.array([log_uniform(rng, (0.5, 2)) for _ in range(20_000)])
    assert found.mean() == pytest.approx(1.5 / np.log(4), abs=0.01)
    assert np.median(found) == pytest.approx(1, abs=0.02)
    assert found.min() >= 0.5
    assert found.max() <= 2


@pytest.mark.parametrize("bounds", [(0.1, 0.1), (1 / 3, 1 / 3), (7, 7)])
def test_a_range_of_one_value_gives_that_value(bounds: tuple[float, float]) -> None:
    assert log_uniform(random.Random(1), bounds) == bounds[0]


@pytest.mark.parametrize(
    ("op", "name"), [("zoom", "factor"), ("gamma", "gamma"), ("speed", "factor"), ("time_stretch", "factor")]
)
def test_every_step_of_a_ratio_draws_it_so(op: str, name: str) -> None:
    step = STEPS_BY_OP[op].model_validate({"op": op, name: [0.5, 2]})
    draws = [BY_STEP[type(step)].draw(step, random.Random(seed))[name] for seed in range(4000)]
    assert np.mean(draws) == pytest.approx(1.5 / np.log(4), abs=0.03)
