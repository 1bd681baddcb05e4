"""Our own portal with jobs of any type. The pages and what is behind them are real, table and bucket in memory, and
whoever comes is Ada, who reviews too. The browser reads objects elsewhere, as from S3: with CORS, and by parts if it
asks for them.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import uvicorn
from playwright.sync_api import Page, expect

import portal
from domain.labeling.worker_page import worker_page
from domain.task_types import task_type
from domain.tasks import jobs
from domain.tasks.again import open_again
from domain.tasks.model import TaskObject
from domain.tasks.parts import Answer
from domain.tasks.pool import TaskPool
from domain.tasks.reviews import ReviewQueue
from domain.workflow.inputs import LabelingTask
from domain.workflow.s3_uri import S3Uri
from domain.workforce.model import SignedIn
from labelers.portal.again import People, plan_of
from lambdas.portal.reviews import PortalReviews
from lambdas.portal.work import PortalWork
from tests.browser.the_frame import serving
from tests.support.builders.runs import any_label_run
from tests.support.builders.tasks import InOrder, any_job
from tests.support.fakes.memory_tasks import MemoryTaskStore
from tests.support.fakes.store import MemoryStore

ADA = SignedIn("private.ada", "ada@example.com", "s1", 9e9, reviewer=True)


class NoPreviews:
    def find(self, _name: str, _now: float) -> None:
        return None


@dataclass
class OwnPortal:
    address: str
    tasks: MemoryTaskStore
    store: MemoryStore

    def start(
        self, objects: list[tuple[str, dict[str, Any]]], ask_again_below: float | None = None, **task: Any
    ) -> str:
        """A job over these objects, each a file's name and what the manifest's line says of it besides."""
        given = LabelingTask(**{"question": "Is it right?", "title": f"job {time.monotonic_ns()}", **task})
        name = (given.title or "").replace(" ", "-")
        self.store.write(f"{name}.html", worker_page(given))
        job = any_job(
            name,
            type=given.type,
            title=given.title,
            question=given.question,
            labels=given.labels,
            template_uri=f"s3://{self.store.bucket}/{name}.html",
            objects=len(objects),
            created=time.time(),
            ask_again_below=ask_again_below,
        )
        self.tasks.add_job(job)
        self.tasks.add_objects(
            job,
            [
                TaskObject(
                    job=name, number=number, source_ref=f"s3://{self.store.bucket}/raw/{file}", needed=1, given=known
                )
                for number, (file, known) in enumerate(objects)
            ],
        )
        return name

    def to_review(self, file: str, given: dict[str, Any], votes: list[Any], count: int = 1, **task: Any) -> str:
        """A job of so many objects that have these votes, the element's values, and wait for a reviewer."""
        name = self.start([(f"{number}/{file}", given) for number in range(count)], **task, ask_again_below=0.9)
        job = self.tasks.job(name)
        assert job is not None
        kind, task_of = task_type(job.type), LabelingTask(**{"question": "?", "workers_per_object": len(votes), **task})
        for number in range(count):
            item = self.tasks.items[name, number]
            answers = {
                f"private.{place}": Answer(content={kind.element: vote}, task="t", accepted=0, submitted=place)
                for place, vote in enumerate(votes)
            }
            self.tasks.items[name, number] = item.model_copy(update={"answers": answers, "needed": len(votes)})
        items = list(self.tasks.objects(job))
        run = any_label_run(task=task_of.model_dump(exclude_defaults=True) | {"ask_again_below": 0.99})
        plan = plan_of(items, run, self.store, People((), reviewers=True))
        assert len(plan.reviews) == count
        open_again(self.tasks, job, plan, time.time())
        return name

    def decisions(self, name: str) -> list[tuple[Any, str]]:
        """What was decided, object by object, and the comments."""
        job = self.tasks.job(name)
        assert job is not None
        reviews = [item.review.decision for item in self.tasks.objects(job) if item.review]
        return [(one.content, one.comment) for one in reviews if one is not None]

    def answers(self, name: str) -> list[Any]:
        """The form's values, object by object."""
        job = self.tasks.job(name)
        assert job is not None
        return [answer.content for item in self.tasks.objects(job) for answer in item.answers.values()]

    def begin(self, page: Page, name: str) -> None:
        page.goto(f"{self.address}/jobs")
        page.locator("article", has_text=name.replace("-", " ")).get_by_role("button", name="Start working").click()
        expect(page.locator("#interface")).to_be_visible()
        page.frame_locator("#interface").get_by_role("button", name="Submit", exact=True).wait_for()


@contextmanager
def own_portal() -> Iterator[OwnPortal]:
    tasks, store = MemoryTaskStore(), MemoryStore()
    pool = TaskPool(tasks, time.time, time.sleep, lambda name: jobs.settle(tasks, name, time.time()), InOrder())
    with serving() as media:
        queue = ReviewQueue(tasks, time.time, time.sleep, pool.ended)
        work = PortalWork(
            pool, store, NoPreviews(), lambda uri: f"{media.address}/{S3Uri(uri).key.rsplit('/', 1)[-1]}", queue
        )
        home = portal.Home(work, (), lambda _request: ADA, hosts=("127.0.0.1",), reviews=PortalReviews(queue))
        server = uvicorn.Server(uvicorn.Config(portal.create_app(home), host="127.0.0.1", port=0, log_level="error"))
        thread = threading.Thread(target=server.run)
        thread.start()
        while not server.started:
            time.sleep(0.02)
        port = server.servers[0].sockets[0].getsockname()[1]
        yield OwnPortal(f"http://127.0.0.1:{port}", tasks, store)
        server.should_exit = True
        thread.join()
