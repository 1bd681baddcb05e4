"""What the pages need of whoever has the jobs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Protocol
from urllib.parse import quote


class Person(Protocol):
    """Who is signed in."""

    @property
    def email(self) -> str: ...


@dataclass(frozen=True)
class JobCard:
    """A job as a worker sees it. `available`: how many tasks there are for this worker, at most; `reviews`: how many
    objects wait for a reviewer, if she is one."""

    name: str
    title: str
    description: str
    status: str
    open: bool
    available: int
    created: float
    reviews: int = 0

    @property
    def path(self) -> str:
        return f"/jobs/{quote(self.name, safe='')}"

    @property
    def review_path(self) -> str:
        return f"{self.path}/review"

    def shown(self) -> dict[str, Any]:
        return {**asdict(self), "path": self.path}


@dataclass(frozen=True)
class Task:
    """A task in a worker's hands. `input` is what the page is about; `earlier` her own answer, if this is to replace
    one; `again`: she skipped it before. `expires`: seconds since 1970."""

    id: str
    job: str
    title: str
    description: str
    input: Mapping[str, Any]
    expires: float
    seconds_left: int
    again: bool = False
    earlier: str | None = None
    undoable: bool = False
    left: int = 0

    @property
    def job_path(self) -> str:
        return f"/jobs/{quote(self.job, safe='')}"

    @property
    def path(self) -> str:
        return f"{self.job_path}/tasks/{quote(self.id, safe='')}"

    def shown(self) -> dict[str, Any]:
        return {**asdict(self), "path": self.path, "job_path": self.job_path}


@dataclass(frozen=True)
class ReviewTask(Task):
    """An object in a reviewer's hands: what so many workers answered, in the order in which they did; what that comes
    to, empty if to nothing, and how sure it is; and the comment of her own earlier decision."""

    votes: tuple[str, ...] = ()
    guess: str = ""
    confidence: float | None = None
    comment: str = ""

    @property
    def job_path(self) -> str:
        return f"{super().job_path}/review"

    @property
    def path(self) -> str:
        return f"{self.job_path}/{quote(self.id, safe='')}"


@dataclass(frozen=True)
class Interface:
    """A task's own page, which stands in a sandboxed frame. Of a `trusted` one its author's own scripts may run; else
    only ours do, and only `sources` may serve it pictures and sounds."""

    html: str
    trusted: bool = False
    sources: Sequence[str] = ()


@dataclass(frozen=True)
class Preview:
    """A task that somebody only looks at."""

    title: str
    interface: Interface


class Gone(Exception):  # noqa: N818 - an answer to the worker
    """The task is not the worker's any more; the text says why."""


class BadAnswer(Exception):  # noqa: N818 - an answer to the worker
    """The form's value is none that this task can have; the text says what it should be."""


class NotShown(Exception):  # noqa: N818 - an answer to the worker
    """The task's own page cannot be made; the text says why."""


class Work(Protocol):
    """The jobs of the people who are signed in. `person` is whom the home's `session` gave."""

    def jobs(self, person: Any) -> list[JobCard]:
        """Those that the person may work on, open ones first, newest first."""
        ...

    def job(self, person: Any, name: str) -> JobCard | None: ...

    def take(self, person: Any, job: str) -> Task | None:
        """The task in hand, or the next one."""
        ...

    def undo(self, person: Any, job: str) -> Task | None:
        """The last answer as a task once more; None when it is too late."""
        ...

    def task(self, person: Any, job: str, task: str) -> Task | None:
        """The task, if it is in the person's hands."""
        ...

    def interface(self, person: Any, task: Task, script: str, /) -> Interface:
        """`script` is the address of the elements. Raises NotShown."""
        ...

    def preview(self, name: str, script: str) -> Preview | None:
        """What a requester looks at before there is a job. Raises NotShown."""
        ...

    def submit(self, person: Any, job: str, task: str, content: dict[str, Any]) -> None:
        """Raises Gone and BadAnswer."""
        ...

    def give_back(self, person: Any, job: str, task: str, *, for_good: bool) -> None:
        """Skips it, or declines it for good. Raises Gone."""
        ...


class Reviews(Protocol):
    """What reviewers decide. `person` as in `Work`; whoever is no reviewer has none."""

    def may(self, person: Any) -> bool: ...

    def take(self, person: Any, job: str) -> ReviewTask | None:
        """The object in hand, or the next one."""
        ...

    def undo(self, person: Any, job: str) -> ReviewTask | None:
        """The last decision once more; None when it is too late."""
        ...

    def task(self, person: Any, job: str, task: str) -> ReviewTask | None:
        """The object, if it is in the person's hands."""
        ...

    def decide(self, person: Any, job: str, task: str, content: dict[str, Any] | None, comment: str) -> None:
        """No content: no label fits. Raises Gone and BadAnswer."""
        ...

    def skip(self, person: Any, job: str, task: str) -> None:
        """Raises Gone."""
        ...
