"""Ways through the nodes of a recipe."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from domain.recipe.mixing import Mix
from domain.recipe.nodes import Branch, Export, OneOf
from domain.recipe.steps import Step

Place = tuple[int | str, ...]


class Misplaced(ValueError):  # noqa: N818 - a fault of the recipe, which `complain` turns into a sentence
    """A fault of the graph as a whole, with the path of the value that a person would change."""

    def __init__(self, message: str, *place: int | str) -> None:
        super().__init__(message)
        self.place = place


def placed(nodes: tuple[Any, ...], above: Place = ("steps",)) -> Iterator[tuple[Place, Any]]:
    """Every node with its path, outer before inner, branches entered."""
    for index, node in enumerate(nodes):
        yield (*above, index), node
        if isinstance(node, Branch):
            yield from placed(node.steps, (*above, index, "steps"))


def steps_of(nodes: tuple[Any, ...], above: Place = ("steps",)) -> Iterator[tuple[Place, Step]]:
    """Every step with its path, those within choices too."""
    for place, node in placed(nodes, above):
        if isinstance(node, Step):
            yield place, node
        elif isinstance(node, OneOf):
            for number, way in enumerate(node.one_of):
                yield from steps_of(way.steps, (*place, "one_of", number, "steps"))


def exports_of(nodes: tuple[Any, ...]) -> Iterator[Export]:
    """All exports below, in the recipe's order."""
    return (node for _, node in placed(nodes) if isinstance(node, Export))


def branches_of(nodes: tuple[Any, ...]) -> Iterator[Branch]:
    """All branches below, outer before inner."""
    return (node for _, node in placed(nodes) if isinstance(node, Branch))


def mixes_of(nodes: tuple[Any, ...]) -> Iterator[tuple[Place, Mix]]:
    """Every `mixup` and `cutmix` with its path."""
    return ((place, node) for place, node in placed(nodes) if isinstance(node, Mix))


def deterministic_exports(nodes: tuple[Any, ...]) -> list[str]:
    """Names of the trunk's exports before any step that draws values."""
    names: list[str] = []
    for node in nodes:
        if isinstance(node, Step | OneOf) and node.draws_values:
            break
        if isinstance(node, Export):
            names.append(node.export)
    return names
