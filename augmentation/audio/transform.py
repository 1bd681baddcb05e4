"""What a transform of sound is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from augmentation.audio.clip import Clip
from augmentation.values import Draw, Values
from domain.recipe.steps import Step


@dataclass(frozen=True)
class ClipFilter:
    """A transform of sound: `apply(clip, values)`."""

    step: type[Step]
    draw: Draw
    apply: Callable[[Clip, Values], Clip]
