"""Which transform carries out which step of a recipe: `augmentation.<medium>.transforms.<op>` holds it.

A module is imported when its step is met for the first time: a run imports what its recipe names.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from domain.recipe.steps import Step, op_of
from domain.recipe.steps.custom import Custom

if TYPE_CHECKING:
    from augmentation.audio.transform import ClipFilter  # images need no sound
    from augmentation.image.transform import Cut, Filter, Tone, Warp

    Transform = Warp | Tone | Cut | Filter | ClipFilter


class _Transforms(dict[type[Step], "Transform"]):
    def __missing__(self, step: type[Step]) -> Transform:
        name = "augmentation.image.custom" if step is Custom else f"augmentation.{step.medium}.transforms.{op_of(step)}"
        transform: Transform = importlib.import_module(name).TRANSFORM
        self[step] = transform
        return transform


BY_STEP: dict[type[Step], Transform] = _Transforms()
