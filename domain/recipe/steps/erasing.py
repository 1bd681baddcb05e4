"""Steps that cover parts of the image. What they cover is still there to a label: boxes stay as they are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal, Union

from pydantic import Field

from domain.recipe.steps.base import ORDERED, Color, Step

SideShare = Annotated[float, Field(ge=0.01, le=1)]
PeriodShare = Annotated[float, Field(ge=0.02, le=1)]
HoleShare = Annotated[float, Field(gt=0, lt=1)]
Cover = Union[Literal["mean"], Color]  # noqa: UP007 - evaluated at run time, on Python 3.10 too


class Cutout(Step):
    """Cover rectangles (DeVries, Taylor 2017): their middles lie anywhere, their sides are shares of the image's.

    `fill`: one color as [red, green, blue], or the image's mean color.
    """

    op: Literal["cutout"]
    holes: Annotated[int, Field(ge=1, le=64)] = 1
    size: Annotated[tuple[SideShare, SideShare], ORDERED] = (0.2, 0.4)
    fill: Cover = (0, 0, 0)
    example: ClassVar[Mapping[str, Any]] = {"holes": 2, "fill": "mean"}


class Grid(Step):
    """Cover a grid of squares (GridMask, Chen et al. 2020, without its rotation).

    `period` is the distance of two squares as a share of the shorter side, `share` the square's side as a share of it.
    """

    op: Literal["grid"]
    period: Annotated[tuple[PeriodShare, PeriodShare], ORDERED] = (0.2, 0.5)
    share: HoleShare = 0.4
    fill: Cover = (0, 0, 0)
    example: ClassVar[Mapping[str, Any]] = {"fill": (10, 20, 240)}


STEPS: tuple[type[Step], ...] = (Cutout, Grid)
