"""A recipe is refused with the place, the fault and the remedy, before anybody labels an image."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import InvalidRecipe
from domain.recipe import Recipe, chains
from domain.recipe.complaints import FIELDS
from domain.recipe.mixing import MIXES
from domain.recipe.nodes import Branch, Export, Node
from domain.recipe.steps import STEP_TYPES, STEPS_BY_OP
from tests.support.builders.photos import LEGO_FACES


def any_recipe() -> dict[str, Any]:
    return {
        "name": "any",
        "steps": [
            {"op": "resize_crop", "width": 224, "height": 224},
            {"export": "resize"},
            {"branch": "varied", "variants": 3, "steps": [{"op": "rotate", "degrees": [-5, 5]}, {"export": "turned"}]},
        ],
    }


def complaint(change: Callable[[dict[str, Any]], Any]) -> str:
    mapping = copy.deepcopy(any_recipe())
    change(mapping)
    with pytest.raises(InvalidRecipe) as error:
        Recipe.from_mapping(mapping)
    return str(error.value)


def test_the_shipped_recipe_is_accepted() -> None:
    recipe = Recipe.from_mapping(yaml.safe_load(LEGO_FACES.read_text()))
    assert list(chains(recipe)) == ["resize", "varied", "resize-noise"]
    assert recipe.evaluated_by == "resize"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda r: r["steps"][0].update(widht=3), "steps[0].widht: unknown key; did you mean 'width'?"),
        (lambda r: r["steps"][0].update(op="resize_corp"), "unknown op 'resize_corp'; did you mean 'resize_crop'?"),
        (lambda r: r["steps"][0].update(op="zzz"), "unknown op 'zzz'; known are: resize_crop, "),
        (lambda r: r["steps"][0].pop("width"), "steps[0].width: missing"),
        (lambda r: r["steps"][0].update(width=0), "steps[0].width: input should be greater than or equal to 1"),
        (lambda r: r["steps"][0].update(width="wide"), "steps[0].width: "),
        (lambda r: r["steps"][2]["steps"][0].update(degrees=[5, -5]), "steps[2].steps[0].degrees: the range [5.0"),
        (lambda r: r["steps"][2]["steps"][0].update(degrees=[-999, 5]), "steps[2].steps[0].degrees[0]: "),
        (lambda r: r["steps"][2].update(varaints=2), "steps[2].varaints: unknown key; did you mean 'variants'?"),
        (lambda r: r.update(setps=[]), "setps: unknown key; did you mean 'steps'?"),
        (lambda r: r.update(splits={"train": 0.5}), "splits: train, val and test add up to 0.8, but must add up to 1"),
        (lambda r: r.update(output={"quality": 101}), "output.quality: input should be less than or equal to 100"),
        (lambda r: r["steps"].append({"foo": 1}), "steps[3]: a node needs `op: …`, `export: …`, `branch: …`, `one_of:"),
        (lambda r: r["steps"].append({"mixupp": {"alpha": 1}}), "; did you mean `mixup: …`?"),
        (lambda r: r["steps"].append({"trivialaugment": "wide"}), "; did you mean `trivial_augment: …`?"),
        (lambda r: r["steps"].append({"export": "resize"}), "the export name 'resize' is used twice"),
        (lambda r: r["steps"].append({"export": "Not/OK"}), "steps[3].export: "),
        (lambda r: r.update(evaluation_export="turned"), "'turned' is no export without random steps; use one"),
        (lambda r: r.update(steps=[{"op": "grayscale"}]), "nothing is exported"),
        (lambda r: r["steps"][2]["steps"].pop(), "the branch 'varied' exports nothing"),
        (lambda r: r["steps"].pop(1), "val and test images must not be augmented"),
        (lambda r: r.pop("name"), "name: missing"),
    ],
)  # fmt: skip
def test_a_wrong_recipe_is_refused_with_place_and_remedy(change: Callable[[dict[str, Any]], Any], said: str) -> None:
    assert said in complaint(change)


def test_all_faults_are_named_at_once() -> None:
    said = complaint(lambda r: (r["steps"][0].update(width=0), r.update(splits={"train": 2})))
    assert "steps[0].width" in said
    assert "splits.train" in said


def test_a_recipe_that_is_no_mapping_is_refused() -> None:
    with pytest.raises(InvalidRecipe, match="should be a mapping"):
        Recipe.from_mapping([1])  # type: ignore[arg-type]


def test_only_one_branch_may_balance_and_only_on_the_trunk() -> None:
    inner = {"branch": "inner", "balance": 1.0, "steps": [{"op": "grayscale"}, {"export": "gray"}]}
    assert "lies inside another one" in complaint(lambda r: r["steps"][2]["steps"].append(inner))
    assert "only one may have it" in complaint(lambda r: (r["steps"][2].update(balance=1.0), r["steps"].append(inner)))


def test_without_evaluation_splits_every_export_may_be_random() -> None:
    mapping = any_recipe()
    del mapping["steps"][1]
    mapping["splits"] = {"train": 1, "val": 0, "test": 0}
    assert Recipe.from_mapping(mapping).evaluated_by is None


def test_every_step_type_is_a_node_and_known_to_the_complaints() -> None:
    tags = {annotated.__metadata__[-1].tag for annotated in Node.__origin__.__args__}
    assert tags == {*STEPS_BY_OP, "export", "branch", "one_of", "custom", "trivial_augment", "rand_augment", *MIXES}
    assert set(FIELDS) >= tags
    assert len(STEP_TYPES) == len(STEPS_BY_OP)


leaves = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
keys = st.sampled_from(["name", "steps", "op", "export", "branch", "splits", "width", "degrees", "x"])


def nested(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=5)


@given(st.recursive(leaves, nested, max_leaves=12))
def test_whatever_is_read_gives_a_recipe_or_a_complaint(value: Any) -> None:
    mapping = value if isinstance(value, dict) else {"name": "any", "steps": value}
    try:
        recipe = Recipe.from_mapping(mapping)
    except InvalidRecipe:
        return
    assert any(isinstance(node, Export | Branch) for node in recipe.steps)
