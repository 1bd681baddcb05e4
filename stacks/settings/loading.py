"""Loads config/<stage>.toml into Settings, and says of every mistake which setting, which file, and what is allowed."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from stacks.settings import Settings

CONFIG = Path(__file__).resolve().parents[2] / "config"


SECTIONS = tuple(name for name in Settings.model_fields if name not in ("stage", "schedules"))
"""Of which single settings can stand in for the file's."""


class SettingsError(Exception):
    """A setting is unknown, missing or out of range. The text is for the person who typed it."""


def load_settings(stage: str, folder: Path = CONFIG, **own: Mapping[str, Any]) -> Settings:
    """`own` stands in for what the stage says, by section and setting: `labeling={"backend": "auto"}`.

    Raises SettingsError for an unknown stage, bad TOML, and all unknown, missing or wrong settings at once.
    """
    path = folder / f"{stage}.toml"
    if not path.is_file():
        stages = sorted(file.stem for file in folder.glob("*.toml"))
        raise SettingsError(f"unknown stage {stage!r}: there is no {_shown(path)}. {_choices(stage, stages)}")
    try:
        values = {**tomllib.loads(path.read_text(encoding="utf-8")), "stage": stage}
        for section, changes in own.items():
            if changes:
                values[section] = {**values.get(section, {}), **changes}
        return Settings.model_validate(values)
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{_shown(path)} is not valid TOML: {error}") from error
    except ValidationError as error:
        problems = [_explain(dict(problem)) for problem in error.errors()]
        raise SettingsError(f"{_shown(path)}:\n" + "\n".join(f"  {problem}" for problem in problems)) from error


def _explain(problem: Mapping[str, Any]) -> str:
    location: Sequence[int | str] = problem["loc"]
    setting = _dotted(location)
    context = problem.get("ctx", {})
    match problem["type"]:
        case "extra_forbidden":
            return f"unknown setting {setting}. {_choices(str(location[-1]), _siblings(location))}"
        case "missing":
            return f"missing setting {setting}"
        case "literal_error":
            allowed = _literals(location)
            return f"{setting} = {problem['input']!r} is not allowed. {_choices(str(problem['input']), allowed)}"
        case "value_error":
            return f"{setting or 'settings'}: {context['error']}"
        case _:
            return f"{setting} = {problem['input']!r}: {problem['msg']}"


def _dotted(location: Iterable[int | str]) -> str:
    text = ""
    for part in location:
        text += f"[{part}]" if isinstance(part, int) else f".{part}"
    return text.removeprefix(".")


def _choices(typed: str, allowed: Sequence[str]) -> str:
    near = difflib.get_close_matches(typed, allowed, n=1, cutoff=0.5)
    hint = f"Did you mean {near[0]}? " if near else ""
    return f"{hint}Allowed: {', '.join(allowed)}"


def _siblings(location: Sequence[int | str]) -> list[str]:
    return sorted(set(_model_at(location[:-1]).model_fields) - {"stage"})


def _literals(location: Sequence[int | str]) -> list[str]:
    field = _model_at(location[:-1]).model_fields[str(location[-1])]
    return [str(value) for value in get_args(field.annotation)]


def _model_at(location: Iterable[int | str]) -> type[BaseModel]:
    model: type[BaseModel] = Settings
    for part in location:
        if isinstance(part, str):
            annotation: Any = model.model_fields[part].annotation
            model = next(iter(get_args(annotation)), annotation)  # of a tuple of sections, or the section itself
    return model


def _shown(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"
