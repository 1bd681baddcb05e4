"""A labeling job of the portal as its store keeps it: job, objects, workers, and the gates that count votes.

Times are seconds since 1970. All is frozen: a change makes a new one, which the store takes only if nobody else was
quicker.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from domain.tasks.parts import Answer, Lease, Review
from domain.workflow.s3_uri import S3Uri

BLOCK = 50
"""So many objects stand together in the index of open ones: a look for the next task reads one block."""
_DIGITS = 9  # more than a job has objects; of thousands Python makes no number
GATES = 16
"""Counters that votes are spread over, so that workers do not wait for one another."""
AGAIN = "again"
"""Where an object stands in the index that was lent out and may come back; all others stand in their block."""

REVIEW = "review"
"""Where an object stands in the index that waits for a reviewer."""

Status = Literal["Initializing", "InProgress", "Paused", "Answered", "Stopping", "Completed", "Stopped", "Failed"]
"""`Answered`: all answers are in, and nobody has looked yet which objects are to be asked again or reviewed."""
OVER: frozenset[Status] = frozenset({"Completed", "Stopped", "Failed"})
ANSWERABLE: frozenset[Status] = frozenset({"InProgress", "Paused", "Answered", "Stopping"})


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Job(_Frozen):
    """`needed` different workers answer each object; a task is theirs for `seconds`. `enough`: so many labeled objects
    end the job. `expires`: when people have no more time for the whole. `first_block`: all objects before it are
    finished or lent out. `stops`: when a job that is stopping takes no answer any more.

    `ask_again_below`: objects that are less sure than that are asked of more workers, until `most_workers` have
    answered, in further rounds, of which `round` is the running one; `asked_more` so many answers were added.
    """

    name: str
    dataset: str
    run_id: str
    execution: str
    type: str
    title: str
    question: str
    labels: tuple[str, ...]
    template_uri: S3Uri
    manifest_uri: S3Uri
    output_uri: S3Uri
    objects: int = Field(ge=1)
    enough: int | None = Field(default=None, ge=1)
    needed: int = Field(ge=1, le=9)
    seconds: int = Field(ge=1)
    created: float
    expires: float
    status: Status = "Initializing"
    first_block: int = 0
    stops: float | None = None
    ended: float | None = None
    failure_reason: str = ""
    ask_again_below: float | None = None
    most_workers: int = 9
    round: int = 0
    asked_more: int = 0
    version: int = 0

    @property
    def answers_needed(self) -> int:
        """Of all objects, as far as it is known in this round."""
        return self.objects * self.needed + self.asked_more

    @property
    def wanted(self) -> int:
        """How many labeled objects end it."""
        return min(self.objects, self.enough or self.objects)

    @property
    def blocks(self) -> int:
        return -(-self.objects // BLOCK)


class TaskObject(_Frozen):
    """One data object of a job, by its line in the manifest, from 0; `given` is what else the line says of it.

    `skipped`: the session in which a worker passed it on. `moved`: it left its block for `AGAIN` and stays there.
    `review`: its answers are not sure enough, and a reviewer decides.
    """

    job: str
    number: int = Field(ge=0)
    source_ref: str
    needed: int = Field(ge=1)
    given: dict[str, Any] = {}
    answers: dict[str, Answer] = {}
    leases: dict[str, Lease] = {}
    declined: frozenset[str] = frozenset()
    skipped: dict[str, str] = {}
    moved: bool = False
    review: Review | None = None
    version: int = 0

    @property
    def complete(self) -> bool:
        """It has all its answers, a reviewer's decision if one is needed, and none of them is being thought over."""
        if self.review is not None and not self.review.settled:
            return False
        return len(self.answers) >= self.needed and not any(lease.revises for lease in self.leases.values())

    @property
    def wanted(self) -> int:
        """How many more workers could be given it."""
        lent = sum(1 for lease in self.leases.values() if not lease.revises)
        return self.needed - len(self.answers) - lent

    @property
    def block(self) -> int:
        return self.number // BLOCK

    @property
    def gate(self) -> int:
        return self.number % GATES


class WorkerState(_Frozen):
    """One worker in one job. `task` is in her hands; `last` is the object of her last answer, which she may take back.

    `block`: she has nothing to do any more in those before it, in this `round`. `walked`: when she last began anew.
    `review`, `last_review` and `reviewed` are `task`, `last` and `answered` of what she decides as a reviewer.
    """

    job: str
    worker: str
    email: str = ""
    block: int = 0
    task: str | None = None
    last: int | None = None
    answered: int = 0
    skipped: int = 0
    declined: int = 0
    seen: float = 0
    walked: float = 0
    round: int = 0
    review: str | None = None
    last_review: int | None = None
    reviewed: int = 0
    version: int = 0


@dataclass(frozen=True)
class Gate:
    """Of the objects whose number is `number` modulo GATES: how many are complete, and the votes. Closed, it takes no
    vote any more."""

    number: int
    open: bool
    finished: int
    votes: int


@dataclass(frozen=True)
class Worker:
    """A person who is signed in. `session` ends with the sign-out; what was skipped in it does not come back in it."""

    worker_id: str
    session: str
    email: str = ""


@dataclass(frozen=True)
class Assignment:
    """A task in a worker's hands; `earlier` is her own answer, which the task is to replace."""

    task: str
    job: Job
    number: int
    source_ref: str
    lease: Lease
    earlier: Answer | None = None
    given: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Changes:
    """What is written in one go, or not at all: each object and worker only if its version is still the one read.

    With a `gate`, it must be open, and `votes` and `finished` are added to it.
    """

    job: str
    objects: tuple[TaskObject, ...] = ()
    worker: WorkerState | None = None
    gate: int | None = None
    votes: int = 0
    finished: int = 0


def number_of(task: str) -> int | None:
    """The number of the object that a task is about; None for a text that is no task's name."""
    number, dot, _ = task.partition(".")
    return int(number) if dot and len(number) <= _DIGITS and number.isascii() and number.isdecimal() else None


def opening(item: TaskObject, now: float) -> tuple[int | str, float] | None:
    """Where the index of open objects has it: its block or AGAIN, and from when on somebody may be given it.

    None once it is complete. An object that was lent out completely shows again when the first lease ends; what waits
    for a reviewer stands by how sure it is.
    """
    if item.complete:
        return None
    if item.review is not None:
        return REVIEW, item.review.confidence if item.review.confidence is not None else -1.0
    if item.wanted > 0:
        return (AGAIN, now) if item.moved else (item.block, float(item.number))
    return AGAIN, min(lease.expires for lease in item.leases.values())


def settled(item: TaskObject, now: float) -> TaskObject:
    """Without leases that have ended; an answer that was to be replaced holds."""
    live = {worker: lease for worker, lease in item.leases.items() if lease.expires > now}
    return item if len(live) == len(item.leases) else item.model_copy(update={"leases": live, "moved": True})


def changed(item: TaskObject, **fields: Any) -> TaskObject:
    """With these fields; once lent out completely it has left its block for good."""
    made = item.model_copy(update=fields)
    return made.model_copy(update={"moved": True}) if made.wanted <= 0 and not made.moved else made


def with_gate(changes: Changes, before: TaskObject, after: TaskObject) -> Changes:
    """The changes with an object's own, counted at its gate if they touch an answer or whether it is complete."""
    whole = replace(changes, objects=(*changes.objects, after))
    if _told(after) == _told(before):
        return whole
    votes = len(after.answers) - len(before.answers)
    return replace(whole, gate=before.gate, votes=votes, finished=int(after.complete) - int(before.complete))


def _told(item: TaskObject) -> tuple[object, ...]:
    """What a job that is over takes no more of."""
    return item.answers, item.complete, item.review.decision if item.review else None
