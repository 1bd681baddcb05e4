"""A severity may be a range, of which each output draws one."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from domain.recipe.steps import STEPS_BY_OP
from domain.recipe.steps.base import Severe
from tests.support.builders.steps import drawn

SEVERE = sorted(op for op, step in STEPS_BY_OP.items() if issubclass(step, Severe))


def test_there_are_all_nineteen_of_imagenet_c() -> None:
    assert len(SEVERE) == 19


@pytest.mark.parametrize("op", SEVERE)
def test_every_severity_of_the_range_is_drawn_and_no_other(op: str) -> None:
    assert {drawn(op, seed, severity=[2, 4])["severity"] for seed in range(40)} == {2, 3, 4}


@pytest.mark.parametrize("op", SEVERE)
def test_a_step_with_a_range_makes_other_pixels_in_each_output(op: str) -> None:
    assert STEPS_BY_OP[op].model_validate({"op": op, "severity": [1, 2]}).draws_values


def test_one_severity_draws_nothing() -> None:
    assert not STEPS_BY_OP["jpeg_compression"].model_validate({"op": "jpeg_compression", "severity": 2}).draws_values


@pytest.mark.parametrize("severity", [[3, 1], [0, 2], [1, 6], 6, 0])
def test_a_range_upside_down_or_beyond_five_is_refused(severity: object) -> None:
    with pytest.raises(ValidationError):
        STEPS_BY_OP["fog"].model_validate({"op": "fog", "severity": severity})
