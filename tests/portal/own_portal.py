"""Our own portal with jobs of any task type: the pages, the table and the bucket are real, and whoever comes is Ada."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import boto3
import uvicorn
from botocore.config import Config
from playwright.sync_api import Page, expect

import portal
from adapters.browser_reads import BrowserReads
from adapters.object_store import S3ObjectStore
from adapters.preview_store import DynamoPreviewStore
from adapters.task_store import DynamoTaskStore
from domain.labeling.worker_page import worker_page
from domain.tasks import jobs
from domain.tasks.model import TaskObject
from domain.tasks.pool import TaskPool
from domain.workflow.inputs import LabelingTask
from domain.workforce.model import SignedIn
from lambdas.portal.work import PortalWork
from localcloud.client.process import LocalCloud
from tests.browser.the_frame import picture, sound
from tests.localcloud.labeling import make_bucket
from tests.support.builders.tables import make_tasks
from tests.support.builders.tasks import InOrder, any_job

BUCKET = "own-portal"
ADA = SignedIn("private.ada", "ada@example.com", "s1", 9e9)
MEDIA: dict[str, Callable[[], bytes]] = {"picture.png": picture, "sound.wav": sound}


@dataclass
class OwnPortal:
    address: str
    tasks: DynamoTaskStore
    s3: Any

    def start(self, objects: list[tuple[str, dict[str, Any]]], **task: Any) -> str:
        """A job over these objects, each a file's name and what the manifest's line says of it besides."""
        given = LabelingTask(**{"question": "Is it right?", "title": f"job {time.monotonic_ns()}", **task})
        name = (given.title or "").replace(" ", "-")
        self.s3.put_object(Bucket=BUCKET, Key=f"{name}.html", Body=worker_page(given).encode())
        job = any_job(
            name,
            type=given.type,
            title=given.title,
            question=given.question,
            labels=given.labels,
            template_uri=f"s3://{BUCKET}/{name}.html",
            objects=len(objects),
            created=time.time(),
        )
        self.tasks.add_job(job)
        self.tasks.add_objects(
            job,
            [
                TaskObject(job=name, number=number, source_ref=f"s3://{BUCKET}/raw/{file}", needed=1, given=known)
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
def own_portal(cloud: LocalCloud, client: Callable[[str], Any]) -> Iterator[OwnPortal]:
    s3, dynamodb = client("s3"), client("dynamodb")
    make_bucket(s3, BUCKET)
    for name, content in MEDIA.items():
        s3.put_object(Bucket=BUCKET, Key=f"raw/{name}", Body=content())
    make_tasks(dynamodb)
    tasks = DynamoTaskStore(dynamodb, "tasks")
    signing = boto3.client(
        "s3",
        endpoint_url=cloud.endpoint,
        region_name="us-east-1",
        aws_access_key_id="local",
        aws_secret_access_key="local",
        config=Config(signature_version="s3v4"),
    )
    pool = TaskPool(tasks, time.time, time.sleep, lambda name: jobs.settle(tasks, name, time.time()), InOrder())
    previews = DynamoPreviewStore(dynamodb, "tasks")
    work = PortalWork(pool, S3ObjectStore(s3, BUCKET), previews, BrowserReads(signing, BUCKET).address)
    home = portal.Home(work, (), lambda _request: ADA, hosts=("127.0.0.1",))
    server = uvicorn.Server(uvicorn.Config(portal.create_app(home), host="127.0.0.1", port=0, log_level="error"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield OwnPortal(f"http://127.0.0.1:{port}", tasks, s3)
    server.should_exit = True
    thread.join()
