"""What a task object is made of: answers, leases, and the review of an object whose answers are not sure enough."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Answer(_Frozen):
    """What a worker submitted: `content` is the form's value, {"<element name>": …}."""

    content: dict[str, Any]
    task: str
    accepted: float
    submitted: float


class Lease(_Frozen):
    """An object in one worker's hands. `revises`: the worker's own answer, which holds until another one comes.

    `again`: the worker had skipped it before.
    """

    task: str
    accepted: float
    expires: float
    revises: bool = False
    again: bool = False


class Decision(_Frozen):
    """What a reviewer decided; `content` is the form's value, or None: no label fits."""

    reviewer: str
    content: dict[str, Any] | None
    comment: str = ""
    task: str
    accepted: float
    submitted: float


class Review(_Frozen):
    """An object waits for a reviewer, or was decided by one. `guess` is what its votes come to, as a suggestion, and
    `told` as a person reads it; `confidence` how sure that is. `holder` has it in hand, by the `lease`.

    `skipped`: the session in which a reviewer passed it on.
    """

    guess: Any = None
    told: str = ""
    confidence: float | None = None
    holder: str = ""
    lease: Lease | None = None
    decision: Decision | None = None
    skipped: dict[str, str] = {}

    @property
    def settled(self) -> bool:
        """It is decided, and the decision is not being thought over."""
        return self.decision is not None and self.lease is None
