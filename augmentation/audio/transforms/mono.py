"""mono."""

from __future__ import annotations

from augmentation.audio.clip import Clip
from augmentation.audio.kernels import level
from augmentation.audio.transform import ClipFilter
from augmentation.values import Values, nothing
from domain.recipe.steps.audio import Mono


def _apply(clip: Clip, _: Values) -> Clip:
    return clip._replace(samples=level.mean_of_channels(clip.samples))


TRANSFORM = ClipFilter(Mono, nothing, _apply)
