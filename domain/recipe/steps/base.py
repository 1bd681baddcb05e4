"""What every step of a recipe has, and the ranges that several steps share.

A step that draws nothing (`draws_values` is False) makes the same pixels in every run.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal, Union

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

MAX_SIDE = 8192
Medium = Literal["image", "audio", "text", "record"]


def _ordered(bounds: tuple[float, float]) -> tuple[float, float]:
    if bounds[0] > bounds[1]:
        raise ValueError(f"the range [{bounds[0]}, {bounds[1]}] is upside down: write the smaller number first")
    return bounds


def _is_none(value: object) -> bool:
    return value is None


ORDERED = AfterValidator(_ordered)
Share = Annotated[float, Field(ge=-1, le=1)]
Side = Annotated[int, Field(ge=1, le=MAX_SIDE)]
Probability = Annotated[float, Field(gt=0, le=1)]
Severity = Annotated[int, Field(ge=1, le=5)]
Severities = Annotated[tuple[Severity, Severity], ORDERED]
Channel = Annotated[int, Field(ge=0, le=255)]
Color = tuple[Channel, Channel, Channel]
# What stands outside of the image: its mirror image, its last pixels, or one color as [red, green, blue].
Border = Union[Literal["mirror", "edge"], Color]  # noqa: UP007 - evaluated at run time, on Python 3.10 too


class Step(BaseModel):
    """What every step has: the probability with which it is applied, drawn for each output anew.

    `example` holds the parameters of a typical use, without `op`: tests try every step with it, docs show it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    probability: Probability = Field(1.0, description="How often the step is applied, drawn for each output anew.")
    medium: ClassVar[Medium] = "image"
    always_draws: ClassVar[bool] = True
    example: ClassVar[Mapping[str, Any]] = {}

    @property
    def draws_values(self) -> bool:
        return self.always_draws or self.probability < 1

    @property
    def name(self) -> str:
        return str(getattr(self, "op"))  # noqa: B009 - each subclass declares its own literal


class Severe(Step):
    """A step with a severity 1-5, or a range of them, of which each output draws one."""

    severity: Severity | Severities = 1
    example: ClassVar[Mapping[str, Any]] = {"severity": 3}

    @property
    def draws_values(self) -> bool:
        return super().draws_values or not isinstance(self.severity, int)


class Corruption(Severe):
    """A corruption of ImageNet-C with its severity 1-5 (Hendrycks and Dietterich 2019, arXiv:1903.12261).

    ImageNet-C knows images of 224 x 224 pixels. Its lengths (radius, sigma, flake, shift) are scaled here by
    sqrt(width * height) / 224, so that a severity looks the same in an image of any size, unless a step says otherwise.
    """


class Filled(Step):
    """A step that may show what is outside of the image.

    Where `fill` is not said, an output is known by what it was before there was the word.
    """

    fill: Border | None = Field(
        None,
        exclude_if=_is_none,
        description="What stands outside of the image: `mirror` (refused where images have boxes), `edge` (its last "
        "pixels) or [red, green, blue]. If not said: `mirror`, and black where the image has boxes.",
    )


def op_of(step_type: type[Step]) -> str:
    """The name of a step type in YAML: the one value of its literal `op`."""
    return str(step_type.model_fields["op"].annotation.__args__[0])  # type: ignore[union-attr]


def any_step(step_type: type[Step]) -> Step:
    """The step with its example's parameters."""
    return step_type.model_validate({"op": op_of(step_type), **step_type.example})
