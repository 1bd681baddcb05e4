"""JSONata as Step Functions evaluates it, by the package that the local cloud's interpreter uses too.

https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html
"""

from __future__ import annotations

import importlib
import json
import sys
from functools import cache
from typing import Any

from tests.workflows.machines import ROOT

_PACKAGES = ROOT / ".venv-localcloud" / "lib" / f"python{sys.version_info[0]}.{sys.version_info[1]}" / "site-packages"
AVAILABLE = (_PACKAGES / "jsonata").is_dir()


class TaskError(Exception):
    """An error as Retry and Catch see it."""

    def __init__(self, error: str, cause: str = "") -> None:
        super().__init__(error, cause)
        self.error, self.cause = error, cause


@cache
def _engine() -> Any:
    sys.path.append(str(_PACKAGES))  # last: everything else comes from the project's own environment
    try:
        return importlib.import_module("jsonata")
    finally:
        sys.path.remove(str(_PACKAGES))


@cache
def _compiled(expression: str) -> Any:
    compiled = _engine().Jsonata.jsonata(expression)
    compiled.register_lambda("parse", json.loads)
    return compiled


def evaluated(template: Any, variables: dict[str, Any], states: dict[str, Any]) -> Any:
    """The template with its expressions replaced by what they give.

    Raises:
        TaskError: States.QueryEvaluationError, as on AWS, where an expression fails or gives nothing.
    """
    if isinstance(template, dict):
        return {key: evaluated(value, variables, states) for key, value in template.items()}
    if isinstance(template, list):
        return [evaluated(value, variables, states) for value in template]
    if isinstance(template, str) and template.startswith("{%"):
        return _value(template[2:-2].strip(), variables, states)
    return template


def _value(expression: str, variables: dict[str, Any], states: dict[str, Any]) -> Any:
    null = _engine().utils.Utils.NULL_VALUE
    bindings = {name: null if value is None else value for name, value in variables.items()}
    try:
        value = _compiled(expression).evaluate(None, {**bindings, "states": states})
        if value is None and not _compiled(f"$exists(({expression}))").evaluate(None, {**bindings, "states": states}):
            raise TaskError("States.QueryEvaluationError", f"no result: {expression}")
    except TaskError:
        raise
    except Exception as error:
        raise TaskError("States.QueryEvaluationError", f"{expression}: {error}") from error
    return _plain(value)


def _plain(value: Any) -> Any:
    """The engine's own kinds of lists and numbers as JSON's; whole numbers without a fraction."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value
