from __future__ import annotations

from domain.labels.rows import LABELED, LabelRow
from domain.plan.identity import output_name
from domain.plan.known import Known
from domain.plan.plan import make_plan
from domain.plan.siblings import siblings_of, together
from domain.recipe import Recipe

RECIPE = Recipe.model_validate(
    {
        "name": "clips",
        "media": "audio",
        "splits": {"train": 0.5, "val": 0.25, "test": 0.25},
        "steps": [{"export": "original"}],
    }
)
FOLDER = "train/morse"


def variants(name: str, count: int = 3) -> list[str]:
    digits = [f"{number:x}" * 64 for number in range(count)]
    return [f"{FOLDER}/{output_name(f'{name}.wav', 'windy', number, digits[number], 'wav')}" for number in range(count)]


def plan_of(sources: list[str], known: Known | None = None) -> dict[str, str]:
    rows = [LabelRow(source=name, source_ref=name, status=LABELED, label="a", labels=("a",)) for name in sources]
    return dict(make_plan(RECIPE, rows, 7, known).splits)


def test_what_a_version_made_of_one_source_is_known_by_its_names() -> None:
    one, other = variants("morse_1"), variants("morse_1~x", 2)
    plain = ["raw/a.wav", "a~b.wav", "a~b~1.wav", "a~b~1~123.wav", f"{FOLDER}/~windy~0~{'0' * 8}.wav"]
    assert siblings_of([*one, *other, *plain]) == dict.fromkeys(one, one[0]) | dict.fromkeys(other, other[0])


def test_one_source_stays_in_one_split_whatever_it_is_made_into() -> None:
    sources = [name for number in range(20) for name in variants(f"morse_{number}")]
    splits = plan_of(sources)
    assert set(splits.values()) == {"train", "val", "test"}
    for number in range(20):
        assert len({splits[name] for name in variants(f"morse_{number}")}) == 1


def test_a_variant_that_comes_later_follows_the_ones_of_the_earlier_version() -> None:
    first, second, third = variants("morse_1")
    known = Known(splits={first: "test"}, labels={first: "a"})
    assert plan_of([second, third, *variants("morse_2")], known)[second] == "test"


def test_two_ways_to_group_become_one() -> None:
    near, kin = {"b": "a", "d": "c"}, {"c": "b", "e": "e", "f": "e"}
    whole = together(near, kin)
    assert {whole[name] for name in "abcd"} == {"a"}
    assert whole["f"] == whole["e"] == "e"
    assert together(near, {}) is near
