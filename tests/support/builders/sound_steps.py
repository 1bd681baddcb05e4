"""Carries out one step on a clip, for the tests of single transforms."""

from __future__ import annotations

from typing import Any

from augmentation.audio.clip import Clip
from augmentation.execution.graph import Intermediate
from augmentation.execution.registry import BY_STEP
from augmentation.seeds import rng_of
from domain.recipe.steps import STEPS_BY_OP


def heard(op: str, clip: Clip, seed: int = 1, **parameters: Any) -> Clip:
    """The clip after the step."""
    step = STEPS_BY_OP[op].model_validate({"op": op, **parameters})
    made: Clip = Intermediate(clip).then(step, BY_STEP[type(step)].draw(step, rng_of(seed))).settled().media
    return made
