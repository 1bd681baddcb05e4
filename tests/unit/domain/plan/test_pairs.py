"""Partners: by seed, of another class, in the training split, and the same ones when sources are added."""

from __future__ import annotations

from collections import Counter

import pytest

from domain.errors import InvalidRecipe
from domain.labels.rows import LabelRow
from domain.plan.known import Known
from domain.plan.pairs import passage_seed
from domain.plan.plan import Plan, make_plan
from domain.recipe import Output, Recipe
from domain.recipe.splits import TRAIN
from tests.support.builders.photos import any_label

VARIANTS = 2


def recipe(train: float = 0.8) -> Recipe:
    splits = {"train": train, "val": round(1 - train, 2), "test": 0}
    mixed = {"branch": "mixed", "variants": VARIANTS, "steps": [{"mixup": {}}, {"export": "mixed"}]}
    return Recipe.from_mapping({"name": "m", "splits": splits, "steps": [{"export": "plain"}, mixed]})


def labels(count: int, classes: str = "aab") -> list[LabelRow]:
    return [any_label(f"{number}.jpg", classes[number % len(classes)]) for number in range(count)]


def plan(count: int, seed: int = 1, **more: object) -> Plan:
    return make_plan(recipe(), labels(count), seed, **more)  # type: ignore[arg-type]


def pairs(made: Plan) -> dict[tuple[str, int], str]:
    found = {}
    for source in made.classes:
        for output in made.outputs(source):
            if (partner := made.partner(source, output)) is not None:
                found[source, output.variant] = partner
    return found


def test_a_pair_is_of_two_classes_and_never_crosses_splits() -> None:
    made = plan(60)
    found = pairs(made)
    assert len(found) == VARIANTS * Counter(made.splits.values())[TRAIN]
    for (source, _), partner in found.items():
        assert made.splits[source] == made.splits[partner] == TRAIN
        assert made.classes[source] != made.classes[partner]


def test_the_seed_and_the_variant_draw_the_partner_and_all_take_part() -> None:
    found = pairs(plan(60))
    assert found == pairs(plan(60)) != pairs(plan(60, seed=2))
    assert any(found[source, 0] != found[source, 1] for source, _ in found)
    rare = {source for source, label in plan(60).classes.items() if label == "b" and plan(60).splits[source] == TRAIN}
    assert len(set(found.values()) & rare) > 0.7 * len(rare)


def test_more_sources_change_few_pairs_and_none_of_an_earlier_version() -> None:
    before = plan(300)
    without, known = pairs(plan(310)), Known.from_rows(rows_of(before))
    changed = [pair for pair, partner in pairs(before).items() if without.get(pair, partner) != partner]
    assert 0 < len(changed) < 0.15 * len(pairs(before))
    grown = pairs(plan(310, known=known))
    assert pairs(before).items() <= grown.items()


def rows_of(made: Plan) -> list[dict[str, object]]:
    """What the manifest says of the mixed outputs, and of all other sources."""
    common = {"export": "plain", "identity": "00" * 32}
    rows: list[dict[str, object]] = []
    for source, label in made.classes.items():
        row = {"source": source, "split": made.splits[source], "label": label}
        rows.append({**row, **common})
        for output in made.outputs(source):
            if output.chain.mixed:
                seed, partner = passage_seed(made.seed, source, output), made.partner(source, output)
                rows.append({**row, **common, "export": "mixed", "seed": seed, "partner": partner})
    return rows


def test_a_partner_that_has_the_same_class_now_is_drawn_anew() -> None:
    before = plan(60)
    (source, variant), partner = next(iter(pairs(before).items()))
    corrected = [any_label(row.source, before.classes[source]) if row.source == partner else row for row in labels(60)]
    after = make_plan(recipe(), corrected, 1, Known.from_rows(rows_of(before)))
    assert after.classes[pairs(after)[source, variant]] != after.classes[source]


def test_an_export_added_later_has_the_partner_of_its_passage() -> None:
    """Two exports of one passage are made of the same two images."""
    known = Known.from_rows(rows_of(plan(60)))
    steps = [{"mixup": {}}, {"export": "mixed"}, {"export": "again"}]
    more = recipe().model_dump(by_alias=True, exclude_unset=True) | {
        "steps": [{"export": "plain"}, {"branch": "mixed", "variants": VARIANTS, "steps": steps}]
    }
    made = make_plan(Recipe.from_mapping(more), labels(90), 1, known)
    for source in made.classes:
        by_variant: dict[int, set[str | None]] = {}
        for output in made.outputs(source):
            if output.chain.mixed:
                by_variant.setdefault(output.variant, set()).add(made.partner(source, output))
        assert all(len(partners) == 1 for partners in by_variant.values())


@pytest.mark.parametrize("export", ["mixed", "of an earlier recipe"])
def test_mixed_files_are_of_no_single_class_whatever_the_recipe_says_now(export: str) -> None:
    """`balance` adds the same whether an earlier version has mixed files of a class or not."""
    steps = [{"export": "plain"}, {"branch": "more", "balance": 1.0, "steps": [{"op": "flip"}, {"export": "more"}]}]
    mixed = {"branch": "mixed", "steps": [{"mixup": {}}, {"export": "mixed"}]}
    made = Recipe.from_mapping({"name": "m", "splits": {"train": 1, "val": 0, "test": 0}, "steps": [*steps, mixed]})
    before = [{"source": row.source, "split": TRAIN, "label": row.label, "export": "plain", "identity": "00" * 32}
              for row in labels(12)]  # fmt: skip
    rows = [{**row, "export": export, "seed": 1, "partner": "2.jpg"} for row in before if row["label"] == "b"]
    assert rows
    without = make_plan(made, labels(12), 1, Known.from_rows(before))
    assert make_plan(made, labels(12), 1, Known.from_rows([*before, *rows])).extra == without.extra


def test_nothing_is_mixed_of_one_class_of_several_labels_or_of_boxes() -> None:
    with pytest.raises(InvalidRecipe, match="all training images have the class 'a'"):
        make_plan(recipe(), labels(9, "a"), 1)
    both = LabelRow(source="x.jpg", source_ref="x", status="labeled", labels=("a", "b"))
    with pytest.raises(InvalidRecipe, match="some images have several labels"):
        make_plan(recipe(), [*labels(9), both], 1)
    drawn = [row.model_copy(update={"boxes": ()}) for row in labels(9)]
    with pytest.raises(InvalidRecipe, match="the labels are boxes") as refused:
        make_plan(recipe(), drawn, 1)
    assert refused.value.faults[0][0] == ("steps", 1, "steps", 0)


def test_an_output_that_is_not_mixed_has_no_partner() -> None:
    made = plan(60)
    plain = made.ways["a"].chains["plain"]
    assert made.partner("0.jpg", Output(plain, 0)) is None
