"""Turns pydantic's errors about a recipe into sentences that say where, what and what to do."""

from __future__ import annotations

import difflib
import json
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from domain.errors import InvalidRecipe
from domain.recipe.mixing import MIXES, CutMixShare, MixUpShare
from domain.recipe.nodes import BALANCE_TAGS, CLASS_TAGS, Alternative, Branch, Export, OneOf
from domain.recipe.policies import POLICIES, Strength
from domain.recipe.steps import STEPS_BY_OP
from domain.recipe.steps.custom import Custom
from domain.recipe.walk import Misplaced

FIELDS: dict[str, tuple[str, ...]] = {
    **{op: tuple(step.model_fields) for op, step in STEPS_BY_OP.items()},
    "export": tuple(Export.model_fields),
    "branch": tuple(Branch.model_fields),
    "custom": tuple(Custom.model_fields),
    "trivial_augment": ("trivial_augment",),
    "rand_augment": tuple(Strength.model_fields),
    "mixup": tuple(MixUpShare.model_fields),
    "cutmix": tuple(CutMixShare.model_fields),
    "one_of": (*OneOf.model_fields, *Alternative.model_fields),
    "classes": ("variants", "probability"),
    "splits": ("train", "val", "test", "near_duplicates", "group"),
    "group": ("name", "folder", "column"),
    "output": ("format", "quality", "layout", "embeddings"),
}


def suggestion(word: str, known: tuple[str, ...]) -> str:
    """ "; did you mean …?" when one is near, else the list of what is known."""
    near = difflib.get_close_matches(word, known, n=1, cutoff=0.6)
    return f"; did you mean {near[0]!r}?" if near else f"; known are: {', '.join(known)}"


def complain(error: ValidationError, mapping: Mapping[str, Any], top_level: tuple[str, ...]) -> InvalidRecipe:
    """All faults of one recipe, a sentence each: joined by " | " behind the recipe's name, and each with its place."""
    name = mapping.get("name") if isinstance(mapping, Mapping) else None
    details = [detail for detail in error.errors(include_url=False) if not _follows(detail)]
    faults = [(_place(detail), _sentence(detail, top_level)) for detail in details]
    return InvalidRecipe(f"recipe {name!r}: " + " | ".join(sentence for _, sentence in faults), faults)


def _follows(detail: ErrorDetails) -> bool:
    """Whether a list is called too short only because of items that are faults themselves."""
    return detail["type"] == "too_short" and len(detail["input"]) >= detail["ctx"]["min_length"]


def _place(detail: ErrorDetails) -> tuple[int | str, ...]:
    fault = detail.get("ctx", {}).get("error")
    return fault.place if isinstance(fault, Misplaced) else untagged(detail["loc"])


def _sentence(detail: ErrorDetails, top_level: tuple[str, ...]) -> str:
    where = field_path(detail["loc"])
    kind = detail["type"]
    if kind == "extra_forbidden":
        return f"{where}: unknown key{suggestion(str(detail['loc'][-1]), _keys_beside(detail['loc'], top_level))}"
    if kind == "union_tag_invalid":
        return f"{where}: {_unknown_op(detail)}"
    if kind == "union_tag_not_found":
        return f"{where}: {_no_node(detail['input'])}"
    if kind == "missing":
        return f"{where}: missing"
    if kind == "value_error":
        message = str(detail.get("ctx", {}).get("error", detail["msg"]))
        return f"{where}: {message}" if detail["loc"] else message
    if kind in ("too_short", "too_long"):
        limit = detail["ctx"]["min_length" if kind == "too_short" else "max_length"]
        many = f"{limit} item{'' if limit == 1 else 's'}"
        return (
            f"{where}: needs at {'least' if kind == 'too_short' else 'most'} {many}, but it has {len(detail['input'])}"
        )
    return f"{where}: {_in_yamls_words(detail['msg'])}, but it is {_shown(detail['input'])}"


def _in_yamls_words(message: str) -> str:
    words = message[0].lower() + message[1:]
    return (
        words.replace("a valid array", "a list")
        .replace("an object", "a mapping")
        .replace("a valid i", "an i")
        .replace("a valid ", "a ")
    )


def _shown(value: Any) -> str:
    """As YAML has it, in short: `"60.0"`, `true`, `nothing`."""
    if value is None:
        return "nothing"
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 80 else f"{text[:77]}..."


def _no_node(given: Any) -> str:
    """A recipe's author writes the word that makes the node first."""
    known = ("op", "export", "branch", "one_of", "custom", *POLICIES, *MIXES)
    word = str(next(iter(given), "")) if isinstance(given, Mapping) else ""
    near = difflib.get_close_matches(word, known, n=1, cutoff=0.75)
    needs = ", ".join(f"`{name}: …`" for name in known[:-1])
    return f"a node needs {needs} or `{known[-1]}: …`" + (f"; did you mean `{near[0]}: …`?" if near else "")


def _unknown_op(detail: ErrorDetails) -> str:
    given = detail["input"] if isinstance(detail["input"], Mapping) else {}
    for kind in ("export", "branch", *MIXES):
        if kind in given:
            return f"no `{kind}` can stand inside `one_of`; put it before or after the choice"
    op = str(given.get("op"))
    return f"unknown op {op!r}{suggestion(op, tuple(STEPS_BY_OP))}"


def untagged(location: tuple[int | str, ...]) -> tuple[int | str, ...]:
    """Pydantic's location without the tags of unions that it puts in between: keys and indices, as in the YAML."""
    path: list[int | str] = []
    before: int | str = ""
    for part in location:
        is_tag = (isinstance(before, int) and part in FIELDS) or (before == "balance" and part in BALANCE_TAGS)
        is_tag |= part in CLASS_TAGS
        if not is_tag:
            path.append(part)
        before = part
    return tuple(path)


def field_path(location: tuple[int | str, ...]) -> str:
    """`steps[2].degrees` of pydantic's location."""
    path = ""
    for part in untagged(location):
        path += f"[{part}]" if isinstance(part, int) else f".{part}" if path else part
    return path or "the recipe"


def _keys_beside(location: tuple[int | str, ...], top_level: tuple[str, ...]) -> tuple[str, ...]:
    parents = [part for part in location[:-1] if isinstance(part, str) and part in FIELDS]
    return FIELDS[parents[-1]] if parents else top_level
