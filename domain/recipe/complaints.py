"""Turns pydantic's errors about a recipe into sentences that say where, what and what to do."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from domain.recipe.nodes import BALANCE_TAGS, Alternative, Branch, Export, OneOf
from domain.recipe.steps import STEPS_BY_OP

TOP_LEVEL = ("name", "description", "splits", "output", "evaluation_export", "classes", "steps")
FIELDS: dict[str, tuple[str, ...]] = {
    **{op: tuple(step.model_fields) for op, step in STEPS_BY_OP.items()},
    "export": tuple(Export.model_fields),
    "branch": tuple(Branch.model_fields),
    "one_of": (*OneOf.model_fields, *Alternative.model_fields),
    "classes": ("variants", "probability"),
    "splits": ("train", "val", "test"),
    "output": ("format", "quality"),
}


def suggestion(word: str, known: tuple[str, ...]) -> str:
    """ "; did you mean …?" when one is near, else the list of what is known."""
    near = difflib.get_close_matches(word, known, n=1, cutoff=0.6)
    return f"; did you mean {near[0]!r}?" if near else f"; known are: {', '.join(known)}"


def complain(error: ValidationError, mapping: Mapping[str, Any]) -> str:
    """All errors of one recipe, one sentence each, joined by "; " and led by the recipe's name."""
    name = mapping.get("name") if isinstance(mapping, Mapping) else None
    lines = [_sentence(detail) for detail in error.errors(include_url=False)]
    return f"recipe {name!r}: " + " | ".join(lines)


def _sentence(detail: ErrorDetails) -> str:
    where = field_path(detail["loc"])
    kind = detail["type"]
    if kind == "extra_forbidden":
        return f"{where}: unknown key{suggestion(str(detail['loc'][-1]), _keys_beside(detail['loc']))}"
    if kind == "union_tag_invalid":
        return f"{where}: {_unknown_op(detail)}"
    if kind == "union_tag_not_found":
        return f"{where}: a node needs `op: …`, `export: …`, `branch: …` or `one_of: …`"
    if kind == "missing":
        return f"{where}: missing"
    if kind == "value_error":
        message = str(detail.get("ctx", {}).get("error", detail["msg"]))
        return f"{where}: {message}" if detail["loc"] else message
    return f"{where}: {detail['msg'][0].lower()}{detail['msg'][1:]}, but it is {detail['input']!r}"


def _unknown_op(detail: ErrorDetails) -> str:
    given = detail["input"] if isinstance(detail["input"], Mapping) else {}
    for kind in ("export", "branch"):
        if kind in given:
            return f"no `{kind}` can stand inside `one_of`; put it before or after the choice"
    op = str(given.get("op"))
    return f"unknown op {op!r}{suggestion(op, tuple(STEPS_BY_OP))}"


def field_path(location: tuple[int | str, ...]) -> str:
    """`steps[2].degrees` of pydantic's location; the tag of the union that it puts in between is left out."""
    path = ""
    after_index = False
    for part in location:
        if isinstance(part, int):
            path += f"[{part}]"
            after_index = True
            continue
        tag_of_balance = part in BALANCE_TAGS and path.endswith(".balance")
        if not (after_index and part in FIELDS) and not tag_of_balance:
            path += f".{part}" if path else str(part)
        after_index = False
    return path or "the recipe"


def _keys_beside(location: tuple[int | str, ...]) -> tuple[str, ...]:
    parents = [part for part in location[:-1] if isinstance(part, str) and part in FIELDS]
    return FIELDS[parents[-1]] if parents else TOP_LEVEL
