"""Jobs of the portal for tests, and a pool with a clock of its own."""

from __future__ import annotations

import random
from typing import Any

from domain.tasks import jobs
from domain.tasks.model import Job, TaskObject, Worker
from domain.tasks.pool import TaskPool
from domain.tasks.store import TaskStore
from domain.workflow.s3_uri import S3Uri

ELEMENT = "crowd-image-classifier"


def any_job(name: str = "kempelen-dev-label-faces-1", **fields: Any) -> Job:
    folder = f"s3://data/labeling/faces/{name}"
    given: dict[str, Any] = {
        "dataset": "faces",
        "run_id": "r1",
        "execution": "r1",
        "type": "image-single-label",
        "title": "Faces",
        "question": "Is the mouth open?",
        "labels": ("open", "shut"),
        "template_uri": S3Uri(f"{folder}/template.liquid.html"),
        "manifest_uri": S3Uri(f"{folder}/input.manifest"),
        "output_uri": S3Uri(f"{folder}/output"),
        "objects": 3,
        "needed": 1,
        "seconds": 600,
        "created": 0.0,
        "expires": 1e9,
        "status": "InProgress",
        **fields,
    }
    return Job(name=name, **given)


def objects_of(job: Job) -> list[TaskObject]:
    return [
        TaskObject(job=job.name, number=number, source_ref=f"s3://data/raw/faces/{number}.jpg", needed=job.needed)
        for number in range(job.objects)
    ]


def any_worker(name: str = "ada", session: str = "s1") -> Worker:
    return Worker(f"private.{name}", session, f"{name}@example.com")


def answer_of(label: str = "open") -> dict[str, object]:
    return {ELEMENT: {"label": label}}


class InOrder(random.Random):
    """Everybody gets the first that fits."""

    def choice(self, items: Any) -> Any:
        return items[0]


class Clock:
    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now

    def wait(self, seconds: float) -> None:
        self.now += seconds


def pool_over(store: TaskStore, job: Job, *, seed: int = 0) -> tuple[TaskPool, Clock]:
    """A pool over the started job; its end finishes it."""
    clock = Clock()
    store.add_job(job)
    store.add_objects(job, objects_of(job))
    pool = TaskPool(
        store,
        clock,
        clock.wait,
        lambda name: jobs.settle(store, name, clock.now),
        random.Random(seed),
    )
    return pool, clock
