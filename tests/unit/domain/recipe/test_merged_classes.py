"""`classes: {cat: [kitten, cat]}`: classes under other names, and one of several."""

from __future__ import annotations

from typing import Any

import pytest

from domain.errors import InvalidRecipe
from domain.labels.boxes import BoxLabel
from domain.labels.merged import merged
from domain.labels.rows import LABELED, LabelRow, Vote
from domain.plan.plan import make_plan
from domain.recipe import Recipe
from domain.recipe.fit import Wanted, check_fit

STEPS = [{"branch": "varied", "variants": 2, "steps": [{"op": "rotate", "degrees": [-5, 5]}, {"export": "varied"}]}]


def recipe(classes: Any, **more: Any) -> Recipe:
    whole = {"train": 1, "val": 0, "test": 0}
    return Recipe.from_mapping({"name": "pets", "splits": whole, "classes": classes, "steps": STEPS, **more})


def row(*labels: str, **more: Any) -> LabelRow:
    label = labels[0] if len(labels) == 1 else None
    return LabelRow(source="a", source_ref="a", status=LABELED, label=label, labels=labels, **more)


def renamed(row: LabelRow, classes: Any) -> LabelRow:
    return next(iter(merged([row], recipe(classes).new_names)))


def test_labels_votes_and_boxes_have_the_new_name() -> None:
    box = BoxLabel(label="kitten", left=0, top=0, width=1, height=1)
    votes = (Vote(worker="w1", label="kitten"), Vote(worker="w2", label="dog"))
    found = renamed(row("kitten", boxes=(box,), votes=votes), {"cat": ["kitten", "cat"]})
    assert (found.label, found.labels) == ("cat", ("cat",))
    assert found.boxes is not None
    assert found.boxes[0].label == "cat"
    assert [vote.label for vote in found.votes] == ["cat", "dog"]


def test_several_labels_that_become_one_are_one() -> None:
    assert renamed(row("kitten", "cat", "dog"), {"cat": ["kitten", "cat"]}).labels == ("cat", "dog")


def test_without_other_names_rows_are_left_alone() -> None:
    rows = [row("cat")]
    assert merged(rows, recipe({"cat": {"varied": {"variants": 3}}}).new_names) is rows


def test_a_merged_class_is_one_that_a_recipe_can_name() -> None:
    made = recipe({"cat": ["kitten", "cat"], "dog": {"varied": {"variants": 3}}})
    rows = [row(name).model_copy(update={"source": name}) for name in ("kitten", "cat", "dog")]
    plan = make_plan(made, list(merged(rows, made.new_names)), 7)
    assert plan.classes == {"kitten": "cat", "cat": "cat", "dog": "dog"}
    assert [len(plan.outputs(name)) for name in ("kitten", "cat", "dog")] == [2, 2, 3]


@pytest.mark.parametrize(
    ("classes", "said"),
    [
        ({"cat": []}, r"classes\.cat: needs at least 1 item, but it has 0"),
        ({"cat": ["kitten"], "pet": ["kitten"]}, "'pet': 'kitten' is a part of 'cat' already"),
        ({"cat": ["kitten"], "kitten": {"varied": {"variants": 3}}}, "'kitten': it is a part of 'cat'"),
        ({"cat": "kitten"}, r"classes\.cat: .*a mapping"),
        ({"cat": ["kitten", 7]}, r"classes\.cat\[1\]: .*string"),
    ],
)
def test_what_cannot_be_meant_is_refused(classes: Any, said: str) -> None:
    with pytest.raises(InvalidRecipe, match=said):
        recipe(classes)


def test_before_anybody_labels_the_parts_must_be_labels_of_the_task() -> None:
    made = recipe({"cat": ["kitten", "cat"]})
    check_fit(made, Wanted(labels=("kitten", "cat", "dog")))
    with pytest.raises(InvalidRecipe, match=r"makes 'kitten' a part of 'cat', but it is no label .*mean 'kittens'"):
        check_fit(made, Wanted(labels=("kittens", "cat")))
