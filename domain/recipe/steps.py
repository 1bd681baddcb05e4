"""The parameters of each step of a recipe, with their ranges. One model a transform; `op` names it in YAML.

A step that draws nothing (`draws_values` is False) makes the same pixels in every run.
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, Union

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

MAX_SIDE = 8192


def _ordered(bounds: tuple[float, float]) -> tuple[float, float]:
    if bounds[0] > bounds[1]:
        raise ValueError(f"the range [{bounds[0]}, {bounds[1]}] is upside down: write the smaller number first")
    return bounds


Degrees = Annotated[float, Field(ge=-180, le=180)]
Factor = Annotated[float, Field(gt=0.05, le=20)]
Share = Annotated[float, Field(ge=-1, le=1)]
Side = Annotated[int, Field(ge=1, le=MAX_SIDE)]
Probability = Annotated[float, Field(gt=0, le=1)]


class Step(BaseModel):
    """What every step has: the probability with which it is applied, drawn for each output anew."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    probability: Probability = 1.0
    always_draws: ClassVar[bool] = True

    @property
    def draws_values(self) -> bool:
        return self.always_draws or self.probability < 1

    @property
    def name(self) -> str:
        return str(getattr(self, "op"))  # noqa: B009 - each subclass declares its own literal


class ResizeCrop(Step):
    """Scale until the image covers width x height pixels, then cut the middle out."""

    op: Literal["resize_crop"]
    width: Side
    height: Side
    always_draws: ClassVar[bool] = False


class GaussianNoise(Step):
    """Gaussian noise; severity 1-5 as in ImageNet-C (Hendrycks, Dietterich 2019): sigma .08 .12 .18 .26 .38 of white.

    `exact` draws every value anew instead of reading a table of 2^20 drawn ones: ten times slower.
    """

    op: Literal["gaussian_noise"]
    severity: Annotated[int, Field(ge=1, le=5)] = 1
    exact: bool = False


class Rotate(Step):
    """Turn around the middle by an angle from the range; positive is counter-clockwise."""

    op: Literal["rotate"]
    degrees: Annotated[tuple[Degrees, Degrees], AfterValidator(_ordered)]


class Flip(Step):
    """Mirror. `probability` says how often."""

    op: Literal["flip"]
    axis: Literal["horizontal", "vertical"] = "horizontal"
    probability: Probability = 0.5
    always_draws: ClassVar[bool] = False


class Zoom(Step):
    """Scale around the middle by a factor from the range; the size in pixels stays."""

    op: Literal["zoom"]
    factor: Annotated[tuple[Factor, Factor], AfterValidator(_ordered)]


class BrightnessContrast(Step):
    """Add `brightness` (share of white) and stretch by 1 + `contrast` around middle gray."""

    op: Literal["brightness_contrast"]
    brightness: Annotated[tuple[Share, Share], AfterValidator(_ordered)] = (0.0, 0.0)
    contrast: Annotated[tuple[Share, Share], AfterValidator(_ordered)] = (0.0, 0.0)


class Grayscale(Step):
    """Luma of BT.601, in all three channels."""

    op: Literal["grayscale"]
    always_draws: ClassVar[bool] = False


# Union, not |: pydantic reads it at run time, also on Python 3.10 with forward references resolved.
AnyStep = Union[ResizeCrop, GaussianNoise, Rotate, Flip, Zoom, BrightnessContrast, Grayscale]  # noqa: UP007
STEP_TYPES: tuple[type[Step], ...] = (ResizeCrop, GaussianNoise, Rotate, Flip, Zoom, BrightnessContrast, Grayscale)


def op_of(step_type: type[Step]) -> str:
    """The name of a step type in YAML: the one value of its literal `op`."""
    return str(step_type.model_fields["op"].annotation.__args__[0])  # type: ignore[union-attr]


STEPS_BY_OP: dict[str, type[Step]] = {op_of(step_type): step_type for step_type in STEP_TYPES}
