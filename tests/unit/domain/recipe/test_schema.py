"""The published JSON Schema is what the model says, and editors find the same faults."""

from __future__ import annotations

import json

import jsonschema
import pytest
import yaml

from scripts.recipe_schema import SCHEMA_FILE, schema_text
from tests.support.builders.photos import LEGO_FACES, ROOT


def validator() -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(json.loads(SCHEMA_FILE.read_text(encoding="utf-8")))


def test_the_committed_schema_is_current() -> None:
    assert SCHEMA_FILE.read_text(encoding="utf-8") == schema_text(), "run: python -m scripts.recipe_schema"


@pytest.mark.parametrize("path", sorted((ROOT / "recipes").glob("*.yaml")), ids=lambda path: path.name)
def test_shipped_recipes_fit_the_schema(path: object) -> None:
    validator().validate(yaml.safe_load((ROOT / "recipes" / str(path)).read_text(encoding="utf-8")))


def test_every_key_of_the_language_is_described_to_the_editor() -> None:
    schema = json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))
    models = {name: schema["$defs"][name] for name in ("Alternative", "Branch", "BranchOverride", "Export", "OneOf")}
    models |= {name: schema["$defs"][name] for name in ("OutputSettings", "Splits")} | {"Recipe": schema}
    for name, model in models.items():
        for key, field in model["properties"].items():
            described = "description" in field or "$ref" in field
            assert described or f"`{key}`" in model["description"], f"{name}.{key} has no description"


@pytest.mark.parametrize(
    "change",
    [
        {"setps": []},
        {"steps": []},
        {"steps": [{"one_of": [{"steps": []}]}, {"export": "x"}]},
        {"steps": [{"one_of": [{"steps": [{"export": "x"}]}, {"steps": []}]}]},
        {"classes": {"open": {"varied": {"variants": -1}}}},
        {"steps": [{"export": "x", "quality": 101}]},
        {"steps": [{"branch": "b", "balance": {"open": 2}, "steps": [{"export": "x"}]}]},
    ],
)
def test_a_wrong_recipe_does_not_fit(change: dict[str, object]) -> None:
    good = yaml.safe_load(LEGO_FACES.read_text(encoding="utf-8"))
    assert validator().is_valid(good)
    assert not validator().is_valid({**good, **change})


def test_an_unknown_key_does_not_fit() -> None:
    recipe = yaml.safe_load(LEGO_FACES.read_text(encoding="utf-8"))
    recipe["steps"][0]["widht"] = 3
    assert not validator().is_valid(recipe)
