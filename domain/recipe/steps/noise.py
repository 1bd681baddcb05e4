"""Steps that add noise."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from domain.recipe.steps.base import ORDERED, Severe, Step

Amount = Annotated[float, Field(ge=0, le=1)]


class GaussianNoise(Severe):
    """Gaussian noise; severity 1-5 as in ImageNet-C (Hendrycks, Dietterich 2019): sigma .08 .12 .18 .26 .38 of white.

    `exact` draws every value anew instead of reading a table of 2^20 drawn ones: ten times slower.
    """

    op: Literal["gaussian_noise"]
    exact: bool = False


class ShotNoise(Severe):
    """Light that comes in photons (Poisson noise); severity 1-5 as in ImageNet-C: 60 25 12 5 3 photons are white.

    `exact` draws every value anew instead of reading it out of a table of 4,096 quantiles: forty times slower.
    """

    op: Literal["shot_noise"]
    exact: bool = False


class SpeckleNoise(Severe):
    """Gaussian noise in proportion to each value; severity 1-5 as in ImageNet-C: sigma .15 .2 .35 .45 .6 of the value.

    `exact` draws every value anew instead of reading a table of 2^20 drawn ones.
    """

    op: Literal["speckle_noise"]
    exact: bool = False


class ImpulseNoise(Severe):
    """Values that became 0 or 255, each channel by itself; severity 1-5 as in ImageNet-C: .03 .06 .09 .17 .27 of them.

    Every value is drawn: that is no slower than a table would be.
    """

    op: Literal["impulse_noise"]


class SaltAndPepper(Step):
    """Whole pixels that became white or black: `amount` of all, of which `salt` white. Every pixel is drawn."""

    op: Literal["salt_and_pepper"]
    amount: Annotated[tuple[Amount, Amount], ORDERED] = (0.01, 0.05)
    salt: Amount = 0.5


STEPS: tuple[type[Step], ...] = (GaussianNoise, ShotNoise, SpeckleNoise, ImpulseNoise, SaltAndPepper)
