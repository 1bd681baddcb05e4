"""Where ministack's reading of the Amazon States Language differs from AWS's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ministack.services import stepfunctions

_TERMINAL = ("States.DataLimitExceeded", "States.Runtime")  # States.ALL and States.TaskFailed do not match these


def register() -> None:
    stepfunctions._error_matches = _sparing_terminal_errors(stepfunctions._error_matches)
    stepfunctions._execute_choice = _with_default_output(stepfunctions._execute_choice)
    stepfunctions._apply_output_path = _with_output_of_succeed(stepfunctions._apply_output_path)


def _sparing_terminal_errors(matches: Callable[[list[str], str], bool]) -> Callable[[list[str], str], bool]:
    def error_matches(error_equals: list[str], error: str) -> bool:
        return error in error_equals if error in _TERMINAL else matches(error_equals, error)

    return error_matches


def _with_default_output(execute: Callable[..., Any]) -> Callable[..., Any]:
    """A JSONata Choice's own Output holds when Default is taken; ministack looks only at its Assign."""

    def execute_choice(state: dict[str, Any], raw_input: Any, context: dict[str, Any] | None = None) -> Any:
        if "Output" in state and "Default" in state:
            fallback: dict[str, Any] = {key: state[key] for key in ("Assign", "Output") if key in state}
            rule = {"Condition": True, "Next": state["Default"], **fallback}
            state = {**state, "Choices": [*state["Choices"], rule]}
        return execute(state, raw_input, context)

    return execute_choice


def _with_output_of_succeed(apply: Callable[..., Any]) -> Callable[..., Any]:
    """A JSONata Succeed may have an Output; ministack passes its input through."""

    def apply_output_path(state: dict[str, Any], data: Any, context: dict[str, Any] | None = None) -> Any:
        jsonata = stepfunctions._state_query_language(state, context) == "JSONata"
        if jsonata and state.get("Type") == "Succeed":
            return stepfunctions._apply_jsonata_output(state, data, context, default=data)
        return apply(state, data, context)

    return apply_output_path
