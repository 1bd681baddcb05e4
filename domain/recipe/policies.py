"""Policies of the literature as words of a recipe: each is a `one_of` of steps that there are.

TrivialAugment: Müller and Hutter, ICCV 2021. RandAugment: Cubuk et al., 2019. Operations and ranges are those of
torchvision.transforms.v2 (`TrivialAugmentWide`, with its 32 pixels as a share of 224, and `RandAugment`); strengths are
drawn evenly from the whole range instead of from 31 levels.
"""

from __future__ import annotations

from math import atan, degrees
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field

LEVELS = 30
"""RandAugment's magnitude at full strength."""
_FACTORS = ("exposure", "saturation", "contrast", "sharpness")


class _Full(NamedTuple):
    """Full strength: shear in pixels across for each down, the share of a side that is moved, degrees, how far a factor
    is from 1, and bits that are lost."""

    shear: float
    side: float
    turn: float
    change: float
    bits: int


_WIDE = _Full(0.99, 32 / 224, 135, 0.99, 6)
_RAND = _Full(0.3, 150 / 331, 30, 0.9, 4)


class TrivialAugment(BaseModel):
    """One operation at any strength, or none: `wide` has the ranges of the paper's best policy."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    trivial_augment: Literal["wide"] = Field(description="The ranges of strength.")

    @property
    def one_of(self) -> list[dict[str, Any]]:
        sides = (-_WIDE.side, _WIDE.side)
        return [
            *_alike(),
            *(_way("shear", axis=axis, degrees=_range(_slant(_WIDE.shear))) for axis in ("horizontal", "vertical")),
            _way("translate", x=sides, y=(0, 0)),
            _way("translate", x=(0, 0), y=sides),
            _way("rotate", degrees=_range(_WIDE.turn)),
            *(_way(op, factor=(1 - _WIDE.change, 1 + _WIDE.change)) for op in _FACTORS),
            _way("posterize", bits=(8 - _WIDE.bits, 8)),
            _way("solarize", threshold=(0, 1)),
        ]


class Strength(BaseModel):
    """How much RandAugment does."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    operations: Annotated[int, Field(ge=1, le=2)] = Field(2, description="So many, one after the other.")
    magnitude: Annotated[float, Field(ge=0, le=LEVELS)] = Field(9, description="Their strength, of 30.")


class RandAugment(BaseModel):
    """One or two operations, one after the other, at one strength; each may be the one that does nothing."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    rand_augment: Strength = Field(description="How many operations, and how strong.")

    @property
    def one_of(self) -> list[dict[str, Any]]:
        ways = _at(self.rand_augment.magnitude / LEVELS)
        if self.rand_augment.operations == 1:
            return ways
        return [{**way, "steps": [*way["steps"], {"one_of": ways}]} for way in ways]


POLICIES: dict[str, type[BaseModel]] = {"trivial_augment": TrivialAugment, "rand_augment": RandAugment}


def _at(strength: float) -> list[dict[str, Any]]:
    """All operations at this share of the full strength; those that go two ways go each as often."""
    bits = 8 - round(strength * _RAND.bits)
    ways = [*_alike(), _way("posterize", bits=(bits, bits)), _way("solarize", threshold=(1 - strength, 1 - strength))]
    for sign in (-strength, strength):
        turned, slanted, moved = sign * _RAND.turn, _slant(sign * _RAND.shear), sign * _RAND.side
        changed = 1 + sign * _RAND.change
        both = [
            *(_way("shear", axis=axis, degrees=(slanted, slanted)) for axis in ("horizontal", "vertical")),
            _way("translate", x=(moved, moved), y=(0, 0)),
            _way("translate", x=(0, 0), y=(moved, moved)),
            _way("rotate", degrees=(turned, turned)),
            *(_way(op, factor=(changed, changed)) for op in _FACTORS),
        ]
        ways += [{**way, "weight": 0.5} for way in both]
    return ways


def _alike() -> list[dict[str, Any]]:
    """What has no strength."""
    return [{"steps": []}, _way("autocontrast"), _way("equalize", method="histogram")]


def _way(op: str, **parameters: Any) -> dict[str, Any]:
    return {"steps": [{"op": op, **parameters}]}


def _range(limit: float) -> tuple[float, float]:
    return -limit, limit


def _slant(shear: float) -> float:
    """Degrees of a shear that is given as pixels across for each pixel down."""
    return degrees(atan(shear))
