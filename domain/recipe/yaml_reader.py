"""Reads a recipe as YAML and says of every fault where it stands, name:line:column: for the engine and the workflows.

The one module of `domain` that knows YAML.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import yaml

from domain.errors import InvalidRecipe
from domain.recipe.graph import Recipe
from domain.recipe.walk import Place


def read_recipe(text: str, name: str) -> Recipe:
    """The recipe in `text`; `name`, of its file, stands before each fault.

    Raises:
        InvalidRecipe: it is no YAML or no recipe; a line for each fault.
    """
    try:
        loaded: Any = yaml.load(text, Loader=_Loader)  # noqa: S506 - a SafeLoader
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        column = error.position - text.rfind("\n", 0, error.position)
        said = f"not valid YAML: the character U+{error.character:04X} is not allowed"
        raise InvalidRecipe(f"{name}:{line}:{column}: {said}") from error
    except yaml.YAMLError as error:
        raise InvalidRecipe(_yaml_fault(name, error)) from error
    except RecursionError as error:
        raise InvalidRecipe(f"{name}: not valid YAML: it is nested too deeply, or holds itself") from error
    if not isinstance(loaded, dict):
        kind = {list: "a list", str: "text", type(None): "nothing"}.get(type(loaded), "a number")
        raise InvalidRecipe(f"{name}:1:1: a recipe is a mapping with `name` and `steps`, not {kind}")
    try:
        return Recipe.from_mapping(loaded)
    except InvalidRecipe as error:
        raise placed(error, text, name) from error


def with_values(text: str, values: Mapping[str, Any]) -> str:
    """The recipe in `text`, in block style, with other values of these keys, each in a line; all else stays as it is.

    A key that is new comes before `steps`. `values` are as JSON has them.
    """
    lines, left = text.splitlines(keepends=True), dict(values)
    for key, value in reversed(getattr(yaml.compose(text, Loader=yaml.SafeLoader), "value", [])):
        first = key.start_mark.line
        if key.value in left:
            lines[first : _last_line(value) + 1] = [_line(key.value, left.pop(key.value))]
    steps = next(place for place, line in enumerate(lines) if line.startswith("steps:"))
    lines[steps:steps] = [_line(*one) for one in left.items()]
    return "".join(lines)


def _line(key: str, value: Any) -> str:
    return f"{key}: {json.dumps(value, ensure_ascii=False)}\n"


def _last_line(node: yaml.Node) -> int:
    """Of what it says: the mark at the end of a block stands behind the comments after it."""
    if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        return _last_line(last[1] if isinstance(last, tuple) else last)
    return int(node.end_mark.line)


class _Loader(yaml.SafeLoader):
    """As JSON would have it: no dates, keys are text (a class may be called `no` or `1`), and none stands twice."""

    yaml_implicit_resolvers = {  # noqa: RUF012 - as in the base class
        first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode) and key.tag != "tag:yaml.org,2002:merge":
                key.tag = "tag:yaml.org,2002:str"
                if key.value in seen:
                    raise yaml.MarkedYAMLError(None, None, f"the key {key.value!r} stands twice", key.start_mark)
                seen.add(key.value)
        return super().construct_mapping(node, deep)


def placed(error: InvalidRecipe, text: str, name: str) -> InvalidRecipe:
    """The same faults, a line for each in the order of the file: "recipe.yaml:12:7: steps[2].degrees: …"."""
    if not error.faults:
        return InvalidRecipe(f"{name}: {error}")
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    found = sorted((*position(root, place), sentence) for place, sentence in error.faults)
    lines = (f"{name}:{line}:{column}: {sentence}" for line, column, sentence in found)
    return InvalidRecipe("\n".join(lines), error.faults)


def position(root: Any, place: Place) -> tuple[int, int]:
    """Line and column, from 1, of the value at `place`; of the nearest one around it when there is none.

    A key stands for its value: a person reads "widht" there, and the value may begin on the next line.
    """
    node, mark = root, root.start_mark
    for part in place:
        key, inner = _entry(node, part)
        if inner is None:
            break
        node, mark = inner, key.start_mark
    return mark.line + 1, mark.column + 1


def _entry(node: Any, part: int | str) -> tuple[Any, Any]:
    """The node to point at and the node below, for a key or an index; None and None when there is no such."""
    if isinstance(node, yaml.MappingNode):
        # The last one counts when a key stands twice, as when the file is loaded.
        return next(((key, value) for key, value in reversed(node.value) if key.value == str(part)), (None, None))
    if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
        return node.value[part], node.value[part]
    return None, None


def _yaml_fault(name: str, error: yaml.YAMLError) -> str:
    mark = getattr(error, "problem_mark", None)
    if mark is None:
        return f"{name}: not valid YAML: {' '.join(str(error).split())}"
    said = ", ".join(part for part in (getattr(error, "problem", None), getattr(error, "context", None)) if part)
    return f"{name}:{mark.line + 1}:{mark.column + 1}: not valid YAML: {said}"
