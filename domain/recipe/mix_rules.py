"""Where `mixup` and `cutmix` may stand in a recipe."""

from __future__ import annotations

from typing import Any

from domain.recipe.mixing import Mix
from domain.recipe.nodes import Branch, Export
from domain.recipe.walk import Misplaced, Place


def check_mixes(nodes: tuple[Any, ...], kind: str) -> None:
    """`kind`: what the recipe is for, as people call it.

    Raises:
        Misplaced: one stands where its shares would be wrong, or where it would mix what has no pair.
    """
    _check(nodes, kind, ("steps",), balanced=False)


def _check(nodes: tuple[Any, ...], kind: str, above: Place, *, balanced: bool) -> None:
    for index, node in enumerate(nodes):
        place = (*above, index)
        if isinstance(node, Branch):
            _check(node.steps, kind, (*place, "steps"), balanced=balanced or node.balance is not None)
        elif isinstance(node, Mix):
            _check_one(node, nodes[index + 1 :], kind, place, balanced=balanced)


def _check_one(node: Mix, after: tuple[Any, ...], kind: str, place: Place, *, balanced: bool) -> None:
    if kind != "images":
        raise Misplaced(f"`{node.name}` works on images, but this recipe is one for {kind}", *place)
    if len(place) == 2:  # steps, index: the trunk
        message = f"`{node.name}` stands in the trunk, which all images pass; put it into a branch"
        raise Misplaced(message, *place)
    if balanced:
        message = (
            f"`{node.name}` stands in a branch with `balance`, and what is mixed is of no single class; "
            "put it into a branch of its own without `balance`"
        )
        raise Misplaced(message, *place)
    if not all(isinstance(one, Export) for one in after):
        message = (
            f"only exports may come after `{node.name}`: a step that cuts or covers would make the shares of the "
            "classes wrong; put the steps before it, each of the two images goes through them"
        )
        raise Misplaced(message, *place)
