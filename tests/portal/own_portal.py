"""Our own portal with jobs of any type. The pages and what is behind them are real, table and bucket in memory, and
whoever comes is Ada. The browser reads objects elsewhere, as from S3: with CORS, and by parts if it asks for them.
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
from domain.tasks import jobs
from domain.tasks.model import TaskObject
from domain.tasks.pool import TaskPool
from domain.workflow.inputs import LabelingTask
from domain.workflow.s3_uri import S3Uri
from domain.workforce.model import SignedIn
from lambdas.portal.work import PortalWork
from tests.browser.the_frame import serving
from tests.support.builders.tasks import InOrder, any_job
from tests.support.fakes.memory_tasks import MemoryTaskStore
from tests.support.fakes.store import MemoryStore

ADA = SignedIn("private.ada", "ada@example.com", "s1", 9e9)


class NoPreviews:
    def find(self, _name: str, _now: float) -> None:
        return None


@dataclass
class OwnPortal:
    address: str
    tasks: MemoryTaskStore
    store: MemoryStore

    def start(self, objects: list[tuple[str, dict[str, Any]]], **task: Any) -> str:
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
        work = PortalWork(pool, store, NoPreviews(), lambda uri: f"{media.address}/{S3Uri(uri).key.rsplit('/', 1)[-1]}")
        home = portal.Home(work, (), lambda _request: ADA, hosts=("127.0.0.1",))
        server = uvicorn.Server(uvicorn.Config(portal.create_app(home), host="127.0.0.1", port=0, log_level="error"))
        thread = threading.Thread(target=server.run)
        thread.start()
        while not server.started:
            time.sleep(0.02)
        port = server.servers[0].sockets[0].getsockname()[1]
        yield OwnPortal(f"http://127.0.0.1:{port}", tasks, store)
        server.should_exit = True
        thread.join()
