"""Steps that look like weather."""

from __future__ import annotations

from typing import Literal

from domain.recipe.steps.base import Corruption, Step


class Snow(Corruption):
    """Snowfall: bleached colors, and flakes streaked by their fall within 45 degrees of straight down."""

    op: Literal["snow"]


class Frost(Corruption):
    """Seen through an iced pane.

    ImageNet-C cuts the ice out of photos; here crystals are drawn by a seeded generator, with ImageNet-C's weights of
    image and ice. It is frost of the same strength (panes are as bright as those photos), not of the same look.
    """

    op: Literal["frost"]


class Fog(Corruption):
    """Fog of varying density: a fractal (plasma) of light is added, and the whole dimmed to fit."""

    op: Literal["fog"]


class Spatter(Corruption):
    """Spattered lens: drops of water at severity 1-3, of mud at 4 and 5."""

    op: Literal["spatter"]


STEPS: tuple[type[Step], ...] = (Snow, Frost, Fog, Spatter)
