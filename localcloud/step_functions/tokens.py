"""The state machine whose task waits for a token: a token knows it, even when nobody waits any more."""

from __future__ import annotations

from localcloud.step_functions import running

_MACHINES: dict[str, str] = {}


def remember(token: str) -> None:
    """The token of the task that this thread runs."""
    _MACHINES[token] = running.machine()


def machine_of(token: str) -> str:
    """Its ARN; empty for what is no token of ours."""
    return _MACHINES.get(token, "")
