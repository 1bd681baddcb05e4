"""The page on recipes names every step with its parameters, and its example is a recipe."""

from __future__ import annotations

import re

import pytest
import yaml

from domain.recipe import Recipe, chains
from domain.recipe.steps import STEPS_BY_OP
from scripts.recipe_docs import DOCS_FILE, kind_of, step_tables, with_tables
from tests.support.builders.photos import ROOT

PAGE = DOCS_FILE.read_text(encoding="utf-8")


def test_the_tables_are_current() -> None:
    assert with_tables(PAGE) == PAGE, "run: python -m scripts.recipe_docs"


def test_every_step_has_a_row_with_its_parameters() -> None:
    rows = {line.split("`")[1]: line for line in step_tables().splitlines() if line.startswith("| `")}
    assert rows.keys() == STEPS_BY_OP.keys()
    for op, step in STEPS_BY_OP.items():
        for name in step.model_fields.keys() - {"op", "probability"}:
            assert f"`{name}`: " in rows[op]


def test_the_first_example_is_a_recipe() -> None:
    example = re.findall(r"```yaml\n(.*?)```", PAGE, flags=re.DOTALL)[0]
    assert list(chains(Recipe.from_mapping(yaml.safe_load(example)))) == ["plain", "varied", "noisy"]


def test_every_recipe_named_exists_and_every_shipped_one_is_named() -> None:
    named = set(re.findall(r"recipes/[a-z-]+\.yaml", PAGE))
    assert named == {f"recipes/{path.name}" for path in (ROOT / "recipes").glob("*.yaml")}


@pytest.mark.parametrize(
    ("field", "words"),
    [
        ({"type": "integer", "minimum": 1, "maximum": 5}, "whole number from 1 to 5"),
        ({"type": "number", "exclusiveMinimum": 0, "maximum": 1}, "number above 0 to 1"),
        ({"enum": ["a", "b"]}, "`a` or `b`"),
        ({"anyOf": [{"type": "boolean"}, {"type": "null"}]}, "`true` or `false`"),
        ({"prefixItems": [{"type": "integer"}, {"type": "integer"}]}, "`[from, to]`, each a whole number"),
        ({"$ref": "#/$defs/X"}, "text"),
    ],
)
def test_a_value_is_described_in_words(field: dict[str, object], words: str) -> None:
    assert kind_of(field, {"X": {"type": "string"}}) == words
