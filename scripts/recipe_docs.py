"""Writes the tables of docs/recipes.md: the recipes that ship, and every step from the models that read recipes.

python -m scripts.recipe_docs
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby
from pathlib import Path
from typing import Any

import yaml

from domain.recipe import Recipe
from domain.recipe.steps import STEP_TYPES, Step, op_of

ROOT = Path(__file__).resolve().parent.parent
DOCS_FILE = ROOT / "docs/recipes.md"
BEGIN = "<!-- The tables from here on are written by: python -m scripts.recipe_docs -->"
COLOR = ("red", "green", "blue")
END = "<!-- End of the written tables. -->"


def recipe_table() -> str:
    """The recipes that ship, with their descriptions."""
    rows = []
    for path in sorted((ROOT / "recipes").glob("*.yaml")):
        recipe = Recipe.from_mapping(yaml.safe_load(path.read_text(encoding="utf-8")))
        rows.append(f"| `recipes/{path.name}` | {recipe.description} |\n")
    return "| recipe | what it makes |\n|---|---|\n" + "".join(rows)


def step_tables() -> str:
    """A table for each family of steps, in the order of the recipe's schema."""
    parts = []
    for family, steps in groupby(STEP_TYPES, key=lambda step: step.__module__.rsplit(".", 1)[-1]):
        rows = "".join(_row(step) for step in steps)
        parts.append(f"### {family.capitalize()}\n\n| op | what it does | parameters |\n|---|---|---|\n{rows}")
    return "\n".join(parts)


def _row(step: type[Step]) -> str:
    text = " ".join((step.__doc__ or "").split()).replace("|", "\\|")
    return f"| `{op_of(step)}` | {text} | {'<br>'.join(_parameters(step)) or 'none'} |\n"


def _parameters(step: type[Step]) -> Iterator[str]:
    """A line for each parameter: name, what it may be, and the default or that it is needed."""
    schema = step.model_json_schema()
    needed = schema.get("required", [])
    for name, field in schema["properties"].items():
        usual = name == "probability" and field.get("default") == 1
        if name == "op" or usual:
            continue
        default = "needed" if name in needed else f"usually {_value(field.get('default'))}"
        yield f"`{name}`: {kind_of(field, schema.get('$defs', {}))}; {default}"


def kind_of(field: Mapping[str, Any], definitions: Mapping[str, Any]) -> str:
    """What a value may be, in words: "whole number from 1 to 5", "a range within −180 to 180"."""
    if "$ref" in field:
        return kind_of(definitions[field["$ref"].rsplit("/", 1)[-1]], definitions)
    if "anyOf" in field:
        return " or ".join(kind_of(one, definitions) for one in field["anyOf"] if one.get("type") != "null")
    if "enum" in field or "const" in field:
        return " or ".join(f"`{value}`" for value in field.get("enum", [field.get("const")]))
    if "prefixItems" in field:
        if len(field["prefixItems"]) == len(COLOR):
            return f"`[{', '.join(COLOR)}]`, each a {kind_of(field['prefixItems'][0], definitions)}"
        inner = {str(item): item for item in field["prefixItems"]}
        return f"`[from, to]`, each a {' or '.join(kind_of(item, definitions) for item in inner.values())}"
    if field.get("type") == "array":
        return f"a list, each a {kind_of(field.get('items', {}), definitions)}"
    word = {"integer": "whole number", "number": "number", "boolean": "`true` or `false`", "string": "text"}
    return word.get(str(field.get("type")), "value") + _bounds(field)


def _bounds(field: Mapping[str, Any]) -> str:
    low, high = field.get("minimum"), field.get("maximum")
    above, below = field.get("exclusiveMinimum"), field.get("exclusiveMaximum")
    parts = []
    if low is not None or above is not None:
        parts.append(f"from {_value(low)}" if above is None else f"above {_value(above)}")
    if high is not None or below is not None:
        parts.append(f"to {_value(high)}" if below is None else f"below {_value(below)}")
    return "".join(f" {part}" for part in parts)


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if isinstance(value, list):
        return f"[{', '.join(_value(one) for one in value)}]"
    return f"{value:g}" if isinstance(value, (int, float)) else "none" if value is None else f"`{value}`"


def with_tables(text: str) -> str:
    """The page with its tables replaced."""
    before, rest = text.split(BEGIN)
    after = rest.split(END)[1]
    return f"{before}{BEGIN}\n\n{recipe_table()}\n{step_tables()}\n{END}{after}"


if __name__ == "__main__":
    DOCS_FILE.write_text(with_tables(DOCS_FILE.read_text(encoding="utf-8")), encoding="utf-8")
    print(f"Wrote {DOCS_FILE}")
