"""`splits.group`: what is of one group stays in one split, together with near-duplicates and in versions that grow."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import InvalidRecipe
from domain.labels.rows import LABELED, LabelRow, read_labels, write_labels
from domain.plan.known import Known
from domain.plan.plan import Plan, make_plan
from domain.recipe import Recipe

SHARES = {"train": 0.6, "val": 0.2, "test": 0.2}


def recipe(group: Any) -> Recipe:
    return Recipe.model_validate(
        {"name": "scans", "splits": {**SHARES, "group": group}, "steps": [{"export": "original"}]}
    )


def plan_of(group: Any, rows: list[tuple[str, str, str | None]], **options: Any) -> Plan:
    labels = [
        LabelRow(source=name, source_ref=name, status=LABELED, label=label, labels=(label,), group=told)
        for name, label, told in rows
    ]
    return make_plan(recipe(group), labels, 7, **options)


SCANS = [
    (f"{label}/p{patient:02}/scan{scan}-p{patient:02}.png", label, f"patient {patient}")
    for patient in range(40)
    for scan, label in enumerate("abb")
]


@pytest.mark.parametrize("group", [{"name": r"-(p\d+)\."}, {"folder": 2}, {"column": "patient"}])
def test_a_patient_is_in_one_split_wherever_the_group_is_read(group: dict[str, Any]) -> None:
    plan = plan_of(group, SCANS)
    for patient in range(40):
        assert len({plan.splits[name] for name, _, told in SCANS if told == f"patient {patient}"}) == 1
    counts = Counter(plan.splits[name] for name, *_ in SCANS)
    assert counts == {"train": 72, "val": 24, "test": 24}
    assert len(set(plan.groups.values())) == 40


@given(st.lists(st.tuples(st.integers(0, 5), st.sampled_from("ab"), st.integers(0, 5)), max_size=30))
def test_groups_and_near_duplicates_hold_together(made: list[tuple[int, str, int]]) -> None:
    rows = [(f"{number}.png", label, f"g{group}") for number, (group, label, _) in enumerate(made)]
    near: dict[str, str] = {}
    for number, (*_, twin) in enumerate(made):
        near[f"{number}.png"] = min((name for name in near if made[int(name[:-4])][2] == twin), default=f"{number}.png")
    splits = plan_of({"column": "g"}, rows, groups=near).splits
    for one in range(len(made)):
        for other in range(one):
            if made[one][0] == made[other][0] or made[one][2] == made[other][2]:
                assert splits[f"{one}.png"] == splits[f"{other}.png"]


def test_a_group_follows_its_members_of_an_earlier_version() -> None:
    row = {"source": "old.png", "split": "test", "label": "a", "export": "original", "identity": "0" * 64, "group": "x"}
    plan = plan_of({"column": "g"}, [("new.png", "a", "x"), ("other.png", "a", "y")], known=Known.from_rows([row]))
    assert plan.splits["new.png"] == "test"


@pytest.mark.parametrize(
    ("group", "why"),
    [
        (
            {"name": r"p\d+"},
            r"1 name of no group \(the expression 'p\\\\d\+' matches nothing in them\), 'x\.png' for one",
        ),
        ({"folder": 2}, r"1 name of no group \(they lie in no folder of level 2\), 'x\.png' for one"),
        ({"column": "g"}, r"1 name of no group \(their labels have no column 'g'\), 'x\.png' for one"),
    ],
)
def test_a_source_of_no_group_is_a_fault_and_no_silent_leak(group: dict[str, Any], why: str) -> None:
    with pytest.raises(InvalidRecipe, match=f"splits.group: {why}"):
        plan_of(group, [*SCANS, ("x.png", "a", None)])


@pytest.mark.parametrize("group", [{}, {"name": "(", "folder": None}, {"name": "a", "folder": 1}, {"folder": 0}])
def test_a_group_that_says_nothing_clear_is_refused(group: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="group"):
        recipe(group)


def test_a_label_row_keeps_its_group() -> None:
    row = LabelRow(source="a", source_ref="a", status=LABELED, label="x", labels=("x",), group="p1")
    assert read_labels(write_labels([row])) == [row]
    assert "group" not in write_labels([row.model_copy(update={"group": None})])
