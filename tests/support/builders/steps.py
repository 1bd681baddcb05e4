"""Carries out one step on pixels, for the tests of single transforms."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from augmentation.execution.graph import Intermediate
from augmentation.execution.registry import BY_STEP
from augmentation.image.frame import Frame
from augmentation.seeds import rng_of
from domain.recipe.steps import STEPS_BY_OP


def drawn(op: str, seed: int = 1, **parameters: Any) -> dict[str, Any]:
    """What the step draws with this seed."""
    step = STEPS_BY_OP[op].model_validate({"op": op, **parameters})
    return BY_STEP[type(step)].draw(step, rng_of(seed))


def applied(op: str, pixels: NDArray[np.uint8], seed: int = 1, **parameters: Any) -> NDArray[np.uint8]:
    """Red, green and blue after the step, of BGRX pixels before it."""
    return applied_bgrx(op, pixels, seed, **parameters)[..., 2::-1]


def applied_bgrx(op: str, pixels: NDArray[np.uint8], seed: int = 1, **parameters: Any) -> NDArray[np.uint8]:
    """BGRX after the step, of BGRX before it."""
    step = STEPS_BY_OP[op].model_validate({"op": op, **parameters})
    values = BY_STEP[type(step)].draw(step, rng_of(seed))
    return Intermediate(Frame.whole(pixels)).then(step, values).settled().media.pixels


def ramp() -> NDArray[np.uint8]:
    """BGRX of 16 x 16 pixels: every value once, in all channels."""
    return np.arange(256, dtype=np.uint8).reshape(16, 16, 1).repeat(4, axis=2)


def one_color(red: int, green: int, blue: int) -> NDArray[np.uint8]:
    """BGRX of 4 x 4 pixels."""
    return np.full((4, 4, 4), (blue, green, red, 255), np.uint8)
