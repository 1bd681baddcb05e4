"""A state machine's definition from its file, with the house's retries where a Task names none of its own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

RETRIES = "retries.json"
"""Beside the definitions: by a Task's `Resource`, its `Retry`."""


class WorkflowError(Exception):
    """A state machine's file is missing, or names a substitution that no one provides."""


def read_definition(path: Path) -> str:
    """Amazon States Language as JSON; the file itself is valid ASL too, it merely retries nothing.

    Raises:
        WorkflowError: there is no such file, or no policy for the resource of a Task without a Retry.
    """
    if not path.is_file():
        raise WorkflowError(f"missing state machine {path.parent.name}/{path.name}")
    definition = json.loads(path.read_text(encoding="utf-8"))
    retries = json.loads(path.with_name(RETRIES).read_text(encoding="utf-8"))
    return json.dumps(_with_retries(definition, retries, path), indent=1, ensure_ascii=False)


def _with_retries(machine: dict[str, Any], retries: dict[str, Any], path: Path) -> dict[str, Any]:
    states = {name: _with_retry(name, state, retries, path) for name, state in machine["States"].items()}
    return {**machine, "States": states}


def _with_retry(name: str, state: dict[str, Any], retries: dict[str, Any], path: Path) -> dict[str, Any]:
    """A Map and a Parallel have machines within."""
    if "ItemProcessor" in state:
        return {**state, "ItemProcessor": _with_retries(state["ItemProcessor"], retries, path)}
    if "Branches" in state:
        return {**state, "Branches": [_with_retries(branch, retries, path) for branch in state["Branches"]]}
    if state["Type"] != "Task" or "Retry" in state:
        return state
    if state["Resource"] not in retries:
        raise WorkflowError(
            f"{path.name}: {name} has no Retry, and {RETRIES} none for {state['Resource']}; say it in one of the two"
        )
    return {**state, "Retry": retries[state["Resource"]]}
