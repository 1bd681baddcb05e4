"""Who answers the labeling job's questions: three scripted workers, or a person."""

from __future__ import annotations

import secrets
import signal
import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from types import FrameType, TracebackType
from typing import Any, Protocol, Self

from rich.console import Console

from domain.text import counted
from localcloud.client.forms import Form
from localcloud.client.scripted_workers import Counts, ScriptedWorker, run_workers, set_passwords
from scripts.demo.labeling_jobs import LabelingJobs

WORKERS = ("worker-1@example.com", "worker-2@example.com", "worker-3@example.com")
# One of the three errs in a tenth of the tasks; two right answers outvote it.
ERROR_RATES = (0.0, 0.1, 0.0)
SECONDS_PER_TASK = 0.05


def new_password() -> str:
    """A random password that the user pool's policy (14 characters, four kinds) accepts."""
    return f"Aa1!{secrets.token_urlsafe(15)}"


@dataclass(frozen=True)
class SignIn:
    """Of the person who labels by hand."""

    email: str
    password: str
    temporary: bool


class People(Protocol):
    """Who may answer where the job is: scripted workers that know the answers, or one person alone."""

    def workers(self, answers: Mapping[str, Any]) -> list[ScriptedWorker]: ...

    def sign_in(self) -> SignIn: ...


class PortalPeople:
    """The workers of the stage's user pool, at the worker portals of `addresses`."""

    def __init__(self, cognito: Any, user_pool: str, addresses: Sequence[str], form: Form) -> None:
        self._cognito = cognito
        self._user_pool = user_pool
        self._addresses = addresses
        self._form = form

    def workers(self, answers: Mapping[str, Any]) -> list[ScriptedWorker]:
        password = new_password()
        set_passwords(self._cognito, self._user_pool, WORKERS, password)
        return [
            ScriptedWorker(
                address,
                email,
                password,
                answers,
                form=self._form,
                error_rate=rate,
                seconds_per_task=SECONDS_PER_TASK,
                seed=seed,
            )
            for seed, (email, rate) in enumerate(zip(WORKERS, ERROR_RATES, strict=True), start=1)
            for address in self._addresses
        ]

    def sign_in(self) -> SignIn:
        """The others leave the team, or they would be waited for: what this person declines, nobody else takes."""
        for email in WORKERS[1:]:
            found = self._cognito.admin_list_groups_for_user(UserPoolId=self._user_pool, Username=email)
            for group in found["Groups"]:
                self._cognito.admin_remove_user_from_group(
                    UserPoolId=self._user_pool, Username=email, GroupName=group["GroupName"]
                )
        password = new_password()
        self._cognito.admin_set_user_password(
            UserPoolId=self._user_pool, Username=WORKERS[0], Password=password, Permanent=False
        )
        return SignIn(WORKERS[0], password, temporary=True)


class Labeling:
    """What both kinds share: the job's counters."""

    workers_per_object: int

    def __init__(self, jobs: LabelingJobs) -> None:
        self._jobs = jobs

    def progress(self) -> str:
        """How many objects are labeled so far, for the terminal."""
        job = self._jobs.progress()
        return f"{job.labeled} of {job.total} labeled {self.by_whom()}" if job else "preflight, manifest"

    def by_whom(self) -> str:
        """The end of the progress line."""
        return ""


class ScriptedLabeling(Labeling):
    """Three workers that know the answers and work through the back end's own interface while the block runs."""

    workers_per_object = len(WORKERS)

    def __init__(self, jobs: LabelingJobs, workers: Sequence[ScriptedWorker]) -> None:
        super().__init__(jobs)
        self._workers = workers
        self._stop = threading.Event()
        self._pool = ThreadPoolExecutor(1)
        self._work: Future[dict[str, Counts]] | None = None

    def __enter__(self) -> Self:
        self._work = self._pool.submit(run_workers, self._workers, until=self._stop)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        self._pool.shutdown()
        if error is None and self._work is not None:
            self._work.result()

    def look_after(self) -> None:
        """Raises what keeps a worker from going on."""
        if self._work is not None and self._work.done():
            self._work.result()

    def by_whom(self) -> str:
        """How many workers there are, and how often they erred."""
        self.look_after()
        mistakes = sum(worker.counts.mistakes for worker in self._workers)
        return f"by {len(WORKERS)} workers, {counted(mistakes, 'mistake')} among their answers"


class HumanLabeling(Labeling):
    """A person where the job is; Ctrl-C stops the labeling job, and what is labeled is used."""

    workers_per_object = 1

    def __init__(self, jobs: LabelingJobs, sign_in: SignIn) -> None:
        super().__init__(jobs)
        self._interrupted = False
        self._sign_in = sign_in

    def __enter__(self) -> Self:
        self._previous = signal.signal(signal.SIGINT, self._on_interrupt)
        once = "   (temporary)" if self._sign_in.temporary else ""
        Console().print(
            f"\n  Label at  [bold]{' or '.join(self._jobs.addresses)}[/]\n  e-mail    {self._sign_in.email}\n"
            f"  password  {self._sign_in.password}{once}\n"
            "  Ctrl-C stops the labeling job; what is labeled by then is used.\n",
            highlight=False,
        )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        signal.signal(signal.SIGINT, self._previous)

    def progress(self) -> str:
        """The counters; after Ctrl-C the labeling job is stopped first, and the workflow collects what is labeled."""
        if self._interrupted:
            job = self._jobs.progress()
            if job is not None and job.open:
                self._jobs.stop(job.name)
        return super().progress()

    def by_whom(self) -> str:
        """Whether the person has had enough."""
        return "(stopped by Ctrl-C)" if self._interrupted else "so far"

    def _on_interrupt(self, _signal: int, _frame: FrameType | None) -> None:
        """The first Ctrl-C stops the labeling job, wherever the program is at that moment; the second one the demo."""
        if self._interrupted:
            raise KeyboardInterrupt
        self._interrupted = True
