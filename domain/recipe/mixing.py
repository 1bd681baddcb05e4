"""MixUp and CutMix as words of a recipe: two training images of different classes become one, with soft labels.

MixUp: Zhang, Cissé, Dauphin and Lopez-Paz, ICLR 2018. CutMix: Yun et al., ICCV 2019. The usual `alpha` are the papers'.
"""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import BaseModel, ConfigDict, Field

Alpha = Annotated[float, Field(ge=0.01, le=100)]
"""Far below, what Beta's shares are computed of is too small for a double, and they are all 0."""


class MixUpShare(BaseModel):
    """How the image's own share is drawn."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    alpha: Alpha = Field(0.2, description="The share is drawn from Beta(alpha, alpha): small is nearly one image.")


class CutMixShare(BaseModel):
    """How the image's own share is drawn."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    alpha: Alpha = Field(1.0, description="The share is drawn from Beta(alpha, alpha): 1 makes all as likely.")


class Mix(BaseModel):
    """Mix the image with one of another class; nothing but exports comes after it."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    draws_values: ClassVar[bool] = True

    name: ClassVar[str]
    """The word of the recipe, and the field with what is chosen."""

    @property
    def alpha(self) -> float:
        """Of the Beta distribution."""
        share: MixUpShare | CutMixShare = getattr(self, self.name)
        return share.alpha


class MixUp(Mix):
    """Lay another class's image over it: each value is the mean of both, weighed by a share from Beta(alpha, alpha)."""

    name: ClassVar[str] = "mixup"

    mixup: MixUpShare = Field(description="`{}` for the usual alpha.")


class CutMix(Mix):
    """Put a rectangle of another class's image into it; its area is drawn from Beta(alpha, alpha)."""

    name: ClassVar[str] = "cutmix"

    cutmix: CutMixShare = Field(description="`{}` for the usual alpha.")


MIXES: dict[str, type[Mix]] = {mix.name: mix for mix in (MixUp, CutMix)}
