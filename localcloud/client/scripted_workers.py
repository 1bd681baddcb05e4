"""Scripted workers: they sign in to the worker portal and answer tasks as people do, through the same addresses.

Runs in the project's environment (httpx, boto3); imports nothing of ministack.
"""

from __future__ import annotations

import html
import random
import re
import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import httpx

from localcloud.client.forms import IMAGE_SINGLE_LABEL, Form

MISSING = "Missing"
_ENDED = ("Completed", "Failed", "Stopped")
_IDLE_SECONDS = 0.2
_PATIENCE_SECONDS = 120.0  # the first page is a function's cold start, which a loaded machine is slow at


class WorkerError(RuntimeError):
    """An worker cannot go on; the message says who, where and why."""


@dataclass
class Counts:
    """What one worker did. `mistakes` are the submitted answers that differ from the truth."""

    submitted: int = 0
    mistakes: int = 0
    lost: int = 0
    jobs: set[str] = field(default_factory=set)


class ScriptedWorker:
    """One worker of the private workforce.

    `answers` maps an object's path to what is true of it: a label, or what else `form` takes. The path may be just the
    file name, or end anywhere in its key; a text stands for itself.
    A share `error_rate` of the tasks is answered with a mistake. A task takes 0.5 to 1.5 x `seconds_per_task`. The
    same seed errs on the same objects, whatever the order in which they come.
    """

    def __init__(
        self,
        portal_url: str,
        email: str,
        password: str,
        answers: Mapping[str, Any],
        *,
        form: Form = IMAGE_SINGLE_LABEL,
        error_rate: float = 0.0,
        seconds_per_task: float = 0.05,
        seed: int = 0,
    ) -> None:
        self.email = email
        self.counts = Counts()
        self._password = password
        self._answers = answers
        self._form = form
        self._error_rate = error_rate
        self._seconds = seconds_per_task
        self._seed = seed
        # The portal is on loopback: no proxy of the environment stands between.
        self._http = httpx.Client(
            base_url=portal_url, trust_env=False, headers={"Accept": "application/json"}, timeout=_PATIENCE_SECONDS
        )

    def sign_in(self) -> None:
        """Raises WorkerError with the portal's words, for instance while the password is a temporary one."""
        page = self._http.get("/login")
        if page.is_redirect:  # to Cognito's own page
            answer = self._sign_in_at(page.headers["location"])
        else:
            answer = self._http.post("/login", json={"email": self.email, "password": self._password})
        if answer.is_error:
            raise WorkerError(f"{self.email} cannot sign in to {self._http.base_url}: {answer.text}")

    def _sign_in_at(self, address: str) -> httpx.Response:
        """Fills in the form of the sign-in page as a browser does; the portal's answer to whom that sends back."""
        with httpx.Client(base_url=address, trust_env=False, timeout=30) as visit:
            form = visit.get(address)
            hidden = re.findall(r'type="hidden" name="([^"]*)" value="([^"]*)"', form.text)
            fields = {name: html.unescape(value) for name, value in hidden}
            login = str(httpx.URL(address).copy_with(path="/login", query=None))
            sent = visit.post(login, data={**fields, "username": self.email, "password": self._password})
        return self._http.get(sent.headers["location"]) if sent.is_redirect else sent

    def close(self) -> None:
        self._http.close()

    def open_jobs(self) -> list[str]:
        """Names of the jobs that give tasks to this worker's teams."""
        return [job["name"] for job in self._get("/jobs")["jobs"] if job["open"]]

    def work(self, job: str) -> str | None:
        """Take and answer one task: None. Without a task: the job's status, "Missing" for one that is not there yet."""
        task = self._next(job)
        if isinstance(task, str):
            return task
        self.counts.jobs.add(job)
        chosen, right = self._chosen(task["input"])
        time.sleep(self._seconds * random.Random(f"{self._seed}/pace/{task['id']}").uniform(0.5, 1.5))  # noqa: S311
        if self._submit(task, self._form.filled(chosen)):
            self.counts.submitted += 1
            self.counts.mistakes += not right
        else:
            self.counts.lost += 1
        return None

    def _next(self, job: str) -> dict[str, Any] | str:
        """A task with its `id` and `input`, or what `work` returns without one."""
        found = self._post(f"/jobs/{quote(job)}/next")
        if found is None:
            return MISSING
        task: dict[str, Any] | None = found["task"]
        return str(found["status"]) if task is None else task

    def _submit(self, task: Mapping[str, Any], filled: Mapping[str, Any]) -> bool:
        """Whether the task was still there to be answered."""
        return self._post(f"{task['path']}/submit", filled) is not None

    def _chosen(self, task_input: Mapping[str, Any]) -> tuple[Any, bool]:
        """What to submit, and whether it is the truth."""
        uri = str(task_input["taskObject"])
        path, truth = self.answer_for(uri)
        draw = random.Random(f"{self._seed}/{path}")  # noqa: S311  (nothing secret: mistakes must be repeatable)
        if draw.random() < self._error_rate:
            mistake = self._form.mistaken(truth, task_input["labels"], draw)
            if mistake is not None:
                return mistake, False
        return truth, True

    def answer_for(self, uri: str) -> tuple[str, Any]:
        """Path and truth of an object. Raises WorkerError when none fits an ending of its key, or the text itself."""
        parts = uri.split("/")[3:] if uri.startswith("s3://") else [uri]
        for start in range(len(parts)):
            ending = "/".join(parts[start:])
            if ending in self._answers:
                return ending, self._answers[ending]
        raise WorkerError(f"{self.email} does not know the answer for {uri}: add it to the answers")

    def _get(self, path: str) -> dict[str, Any]:
        return self._read(self._http.get(path)) or {}

    def _post(self, path: str, body: Mapping[str, Any] | None = None) -> dict[str, Any] | None:
        return self._read(self._http.post(path, json=body or {}))

    def _read(self, answer: httpx.Response) -> dict[str, Any] | None:
        """None for a task or job that is not there any more: the job ended or the time ran out."""
        if answer.status_code == httpx.codes.NOT_FOUND:
            return None
        if answer.is_error:
            raise WorkerError(f"{self.email}: {answer.request.method} {answer.request.url}: {answer.text}")
        return dict(answer.json())


def run_workers(
    workers: Sequence[ScriptedWorker], job: str | None = None, *, until: threading.Event | None = None
) -> dict[str, Counts]:
    """Let all work at once: until `job` has ended, or on whatever jobs there are until the event is set.

    Returns what each did, by e-mail. Raises WorkerError when one of them cannot go on.
    """
    if job is None and until is None:
        raise ValueError("give the job's name, or the event that ends the work")
    stop = until or threading.Event()
    with ThreadPoolExecutor(len(workers), thread_name_prefix="worker") as pool:
        for step in [pool.submit(_work, worker, job, stop) for worker in workers]:
            step.result()
    return {worker.email: worker.counts for worker in workers}


def _work(worker: ScriptedWorker, job: str | None, stop: threading.Event) -> None:
    try:
        worker.sign_in()
        while not stop.is_set():
            statuses = [worker.work(name) for name in ([job] if job else worker.open_jobs())]
            if job and statuses[0] in _ENDED:
                return
            if None not in statuses:
                stop.wait(_IDLE_SECONDS)
    except BaseException:
        stop.set()
        raise
    finally:
        worker.close()


def set_passwords(cognito: Any, user_pool: str, emails: Iterable[str], password: str) -> None:
    """Give invited workers a password that they need not change. `cognito` is a boto3 client of cognito-idp.

    Raises botocore's ClientError when the pool's policy refuses the password or a worker was never invited.
    """
    for email in emails:
        cognito.admin_set_user_password(UserPoolId=user_pool, Username=email, Password=password, Permanent=True)
