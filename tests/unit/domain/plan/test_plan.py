"""The plan: only training images are augmented, and the smaller classes get more variants."""

from __future__ import annotations

import hashlib
from collections import Counter
from math import ceil
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.labels.rows import LabelRow
from domain.plan.identity import output_identity
from domain.plan.known import Known
from domain.plan.plan import Plan, make_plan
from domain.recipe import Recipe
from tests.support.builders.photos import LEGO_FACES, SMALL_RECIPE, any_label

SMALL = Recipe.from_mapping(yaml.safe_load(SMALL_RECIPE))


def labels_of(**classes: int) -> list[LabelRow]:
    return [any_label(f"{name}-{index}.jpg", name) for name, count in classes.items() for index in range(count)]


def training_outputs(plan: Plan) -> Counter[str]:
    """Files of the training split by class."""
    found: Counter[str] = Counter()
    for source, label in plan.classes.items():
        if plan.splits[source] == "train":
            found[label] += len(plan.outputs(source))
    return found


def as_rows(plan: Plan) -> list[dict[str, Any]]:
    """The manifest that the plan leads to."""
    return [
        {
            "source": source,
            "split": plan.splits[source],
            "label": label,
            "export": output.chain.export.export,
            "identity": output_identity(source, "", label, output.chain.digest, output.variant, plan.seed),
        }
        for source, label in plan.classes.items()
        for output in plan.outputs(source)
    ]


def test_the_demo_gets_its_twelve_outputs_and_its_balance() -> None:
    recipe = Recipe.from_mapping(yaml.safe_load(LEGO_FACES.read_text()))
    plan = make_plan(recipe, labels_of(shut=26, open=7), seed=7)
    training = [source for source in plan.classes if plan.splits[source] == "train"]
    assert min(len(plan.outputs(source)) for source in training) >= 12
    found = training_outputs(plan)
    assert found["open"] >= found["shut"] == 18 * 12


def test_evaluation_sources_get_the_plain_export_alone() -> None:
    plan = make_plan(SMALL, labels_of(a=20), seed=1)
    for source in plan.classes:
        if plan.splits[source] != "train":
            assert [(output.chain.export.export, output.variant) for output in plan.outputs(source)] == [("resize", 0)]


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from("abcde"), st.integers(1, 40), min_size=1), st.integers(0, 99))
def test_every_class_reaches_the_target_and_none_goes_far_beyond(counts: dict[str, int], seed: int) -> None:
    plan = make_plan(SMALL, labels_of(**counts), seed)
    found = training_outputs(plan)
    largest = max(found.values())
    for label, made in found.items():
        sources = sum(1 for source, own in plan.classes.items() if own == label and plan.splits[source] == "train")
        capped = all(
            plan.extra[source] >= 197 for source, own in plan.classes.items() if own == label and source in plan.extra
        )
        assert made >= largest or capped
        assert made <= largest + sources


def test_max_variants_bounds_what_one_source_is_made_to_give() -> None:
    mapping = yaml.safe_load(SMALL_RECIPE)
    mapping["steps"][2]["max_variants"] = 5
    plan = make_plan(Recipe.from_mapping(mapping), labels_of(rare=1, common=200), seed=1)
    assert Counter(output.chain.export.export for output in plan.outputs("rare-0.jpg")) == {
        "resize": 1,
        "varied": 5,
        "noisy": 1,
    }


def test_a_target_below_one_is_reached_and_not_passed_by_much() -> None:
    mapping = yaml.safe_load(SMALL_RECIPE)
    mapping["steps"][2]["balance"] = 0.8
    found = training_outputs(make_plan(Recipe.from_mapping(mapping), labels_of(rare=6, common=60), seed=1))
    assert found["rare"] == ceil(0.8 * found["common"])


def test_a_probability_leaves_variants_out_the_same_ones_each_time() -> None:
    mapping = yaml.safe_load(SMALL_RECIPE)
    mapping["steps"][2].update(probability=0.5, balance=None, variants=100)
    plan = make_plan(Recipe.from_mapping(mapping), labels_of(a=2), seed=1)
    kept = [output.variant for output in plan.outputs("a-0.jpg") if output.chain.export.export == "varied"]
    assert 30 < len(kept) < 70
    assert kept == [output.variant for output in plan.outputs("a-0.jpg") if output.chain.export.export == "varied"]
    assert kept != [output.variant for output in plan.outputs("a-1.jpg") if output.chain.export.export == "varied"]


def test_unlabeled_and_rejected_objects_are_refused_with_their_reason() -> None:
    rows = [
        any_label("a.jpg"),
        LabelRow(source="b.jpg", source_ref="s3://b/b.jpg", status="rejected", reason="blurred"),
    ]
    plan = make_plan(SMALL, rows, seed=1)
    assert plan.refused == {"b.jpg": "rejected: blurred"}
    assert set(plan.classes) == {"a.jpg"}


def test_several_labels_of_one_object_make_a_class_of_their_own() -> None:
    row = LabelRow(source="a.jpg", source_ref="s3://b/a.jpg", status="labeled", labels=("hat", "beard"))
    assert make_plan(SMALL, [row], seed=1).classes == {"a.jpg": "beard + hat"}


@given(st.dictionaries(st.sampled_from("abc"), st.lists(st.integers(0, 9), min_size=1, max_size=5)), st.data())
def test_what_is_known_is_found_by_source_and_identity(made: dict[str, list[int]], data: st.DataObject) -> None:
    def identity(number: int) -> str:
        return hashlib.sha256(str(number).encode()).hexdigest()

    rows = [
        {"source": source, "split": "train", "label": "open", "export": f"e{number % 2}", "identity": identity(number)}
        for source, numbers in made.items()
        for number in numbers
    ]
    known = Known.from_rows(data.draw(st.permutations(rows)))
    for source in "abc":
        for number in range(10):
            assert known.has(source, identity(number)) == (number in made.get(source, []))
    assert {source: dict(counts) for source, counts in known.exports.items()} == {
        source: Counter(f"e{number % 2}" for number in numbers) for source, numbers in made.items()
    }


@pytest.mark.parametrize("grown_by", [0, 5])
def test_a_later_version_counts_what_the_earlier_one_has(grown_by: int) -> None:
    first = make_plan(SMALL, labels_of(a=20, b=5), seed=1)
    rows = as_rows(first)
    second = make_plan(SMALL, labels_of(a=20 + grown_by, b=5), seed=2, known=Known.from_rows(rows))
    together = {row["identity"] if row["export"] != "resize" else f"{row['source']} resize": row["label"]
                for row in rows + as_rows(second) if row["split"] == "train"}  # fmt: skip
    counts = Counter(together.values())
    assert counts["b"] >= counts["a"]
    assert {source: second.splits[source] for source in first.splits} == first.splits
