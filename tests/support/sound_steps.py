"""Carries out one step on a clip, for the tests of single transforms."""

from __future__ import annotations

from typing import Any

from augmentation.clip import Clip
from augmentation.execution import Work
from augmentation.registry import BY_STEP
from augmentation.seeds import generator
from domain.recipe.steps import STEPS_BY_OP


def heard(op: str, clip: Clip, seed: int = 1, **parameters: Any) -> Clip:
    """The clip after the step."""
    step = STEPS_BY_OP[op].model_validate({"op": op, **parameters})
    made: Clip = Work(clip).then(step, BY_STEP[type(step)].draw(step, generator(seed))).settled().media
    return made
