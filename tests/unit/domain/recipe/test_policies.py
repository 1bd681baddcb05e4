"""TrivialAugment and RandAugment as words of a recipe: a choice of steps with torchvision's operations and ranges."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from domain.errors import InvalidRecipe
from domain.recipe import OneOf, Recipe


def choice(node: Any) -> OneOf:
    recipe = Recipe.from_mapping({"name": "p", "steps": [{"export": "plain"}, node, {"export": "varied"}]})
    found = recipe.steps[1]
    assert isinstance(found, OneOf)
    return found


def ops(found: OneOf, place: int = 0) -> Counter[str]:
    """The share of each operation at this place of a way."""
    total = sum(way.weight for way in found.one_of)
    shares: Counter[str] = Counter()
    for way in found.one_of:
        step = way.steps[place] if len(way.steps) > place else None
        name = "none" if step is None or isinstance(step, OneOf) else step.op
        shares[name] += way.weight / total
    return shares


NAMES = {
    **dict.fromkeys(("none", "autocontrast", "equalize", "rotate", "posterize", "solarize"), 1),
    **dict.fromkeys(("exposure", "saturation", "contrast", "sharpness"), 1),
    **dict.fromkeys(("shear", "translate"), 2),
}


def test_trivial_augment_has_fourteen_ways_each_as_likely() -> None:
    found = choice({"trivial_augment": "wide"})
    assert ops(found) == pytest.approx({name: times / 14 for name, times in NAMES.items()})
    by_op = {way.steps[0].op: way.steps[0] for way in found.one_of if way.steps}
    assert by_op["rotate"].degrees == (-135, 135)
    assert by_op["exposure"].factor == pytest.approx((0.01, 1.99))
    assert by_op["posterize"].bits == (2, 8)


@pytest.mark.parametrize("magnitude", [0, 9, 30])
def test_rand_augment_is_at_one_strength_either_way(magnitude: int) -> None:
    found = choice({"rand_augment": {"operations": 1, "magnitude": magnitude}})
    assert ops(found) == pytest.approx({name: times / 14 for name, times in NAMES.items()})
    turned = [way.steps[0].degrees for way in found.one_of if way.steps and way.steps[0].op == "rotate"]
    assert turned == [(-magnitude, -magnitude), (magnitude, magnitude)]  # 30 degrees at full strength
    bits = next(way.steps[0].bits for way in found.one_of if way.steps and way.steps[0].op == "posterize")
    assert bits == (8 - round(4 * magnitude / 30),) * 2


def test_two_operations_follow_one_another() -> None:
    found = choice({"rand_augment": {}})
    assert all(isinstance(way.steps[-1], OneOf) for way in found.one_of)
    assert ops(found.one_of[0].steps[-1]) == ops(choice({"rand_augment": {"operations": 1}}))


@pytest.mark.parametrize(
    ("node", "said"),
    [
        ({"trivial_augment": "wid"}, r"steps\[1\]\.trivial_augment: input should be 'wide', but it is \"wid\""),
        ({"rand_augment": {"operation": 2}}, r"operation: unknown key; did you mean 'operations'\?"),
        ({"rand_augment": {"magnitude": 31}}, r"magnitude: input should be less than or equal to 30, but it is 31"),
    ],
)
def test_what_they_do_not_have_is_refused(node: Any, said: str) -> None:
    with pytest.raises(InvalidRecipe, match=said):
        choice(node)
