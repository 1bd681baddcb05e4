"""Which transform carries out which step of a recipe: every module of `augmentation.image.transforms` holds one."""

from __future__ import annotations

import importlib
import pkgutil

from augmentation import custom
from augmentation.image import transforms
from augmentation.transform import Transform
from domain.recipe.steps import Step

TRANSFORMS: tuple[Transform, ...] = tuple(
    importlib.import_module(f"{transforms.__name__}.{module.name}").TRANSFORM
    for module in pkgutil.iter_modules(transforms.__path__)
)
BY_STEP: dict[type[Step], Transform] = {transform.step: transform for transform in (*TRANSFORMS, custom.TRANSFORM)}
