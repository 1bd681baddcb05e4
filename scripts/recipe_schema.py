"""Writes recipes/recipe.schema.json, by which editors complete and check recipes.

python -m scripts.recipe_schema
"""

from __future__ import annotations

import json
from pathlib import Path

from domain.recipe import Recipe

SCHEMA_FILE = Path(__file__).resolve().parent.parent / "recipes/recipe.schema.json"


def schema_text() -> str:
    """JSON Schema (draft 2020-12) of a recipe, made from the model that reads recipes."""
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **Recipe.model_json_schema()}
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    SCHEMA_FILE.write_text(schema_text(), encoding="utf-8")
    print(f"Wrote {SCHEMA_FILE}")
