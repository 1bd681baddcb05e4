"""Reads a recipe's file and says of every fault where it stands: file:line:column."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from augmentation.errors import UsageError
from domain.errors import InvalidRecipe
from domain.recipe import Recipe


def load_recipe(path: Path) -> tuple[Recipe, str]:
    """The recipe and its text.

    Raises:
        UsageError: the file is missing, no YAML, or no recipe; one line for each fault, with its place.
    """
    text = read_text(path, "recipe")
    try:
        loaded: Any = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise UsageError(_yaml_fault(path, error)) from error
    except (ValueError, RecursionError) as error:  # a date such as 2026-13-45; brackets a thousand deep
        raise UsageError(f"{path}: not valid YAML: {error}") from error
    if not isinstance(loaded, dict):
        raise UsageError(f"{path}:1:1: a recipe is a mapping with `name` and `steps`, not {type(loaded).__name__}")
    try:
        recipe = Recipe.from_mapping(loaded)
    except InvalidRecipe as error:
        raise UsageError(explained(path, text, error)) from error
    if recipe.medium == "audio":
        from augmentation.audio.backgrounds import prepared  # sound is imported for sound alone

        recipe = prepared(recipe, path)
    return recipe, text


def read_text(path: Path, what: str) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise UsageError(f"cannot read the {what} {path}: {reason}") from error


def explained(path: Path, text: str, error: InvalidRecipe) -> str:
    """A line for each fault, in the order of the file: "recipe.yaml:12:7: steps[2].degrees: …"."""
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    found = sorted((*position(root, place), sentence) for place, sentence in error.faults)
    return "\n".join(f"{path}:{line}:{column}: {sentence}" for line, column, sentence in found)


def position(root: Any, place: tuple[int | str, ...]) -> tuple[int, int]:
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


def _yaml_fault(path: Path, error: yaml.YAMLError) -> str:
    mark = getattr(error, "problem_mark", None)
    if mark is None:
        return f"{path}: not valid YAML: {' '.join(str(error).split())}"
    said = ", ".join(part for part in (getattr(error, "problem", None), getattr(error, "context", None)) if part)
    return f"{path}:{mark.line + 1}:{mark.column + 1}: not valid YAML: {said}"
