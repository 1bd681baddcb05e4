"""The preview of a recipe: for each sample the image after every step, with the values drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from domain.report.html import rendered
from domain.rows import ShownField


@dataclass(frozen=True)
class Cell:
    """What a file is after a step, as samples of a report have it; with nothing of it the step was not drawn.

    `exports`: what is written here. `sound` is a data URI to listen to.
    """

    words: str
    thumbnail: str = ""
    exports: tuple[str, ...] = ()
    chosen: bool = False
    sound: str = ""
    text: str = ""
    record: Sequence[ShownField] = ()
    hidden: int = 0

    @property
    def was_drawn(self) -> bool:
        return bool(self.thumbnail or self.text or self.record)


@dataclass(frozen=True)
class Way:
    """A sheet of cells: `heads` are the columns (name, parameters), each row has a name and a cell for each column."""

    title: str
    note: str
    heads: tuple[tuple[str, str], ...]
    rows: tuple[tuple[str, tuple[Cell, ...]], ...]


@dataclass(frozen=True)
class Sample:
    """One image with the trunk, the branches and the ladders of severities, in the recipe's order."""

    source: str
    ways: tuple[Way, ...] = field(default=())


def preview_page(name: str, description: str, seed: int, samples: Sequence[Sample], noun: str = "image") -> str:
    """The whole page, which needs no network."""
    return rendered("preview.html", name=name, description=description, seed=seed, samples=samples, noun=noun)
