"""Jobs on the real server, and a person at its pages."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Browser, Page

from adapters.object_store import S3ObjectStore
from domain.jsonlines import dump_lines, load_lines
from domain.labeling.collect import collect
from domain.labeling.manifest.prepare import prepare
from domain.labels.rows import LabelRow, read_labels
from domain.workflow.names import labels_key
from domain.workflow.states import BuiltManifest, CollectRequest, LabelingJob, LabelRun
from labelers.label_studio.labeler import LabelStudioLabeler
from scripts.label_studio_server import OWNER
from tests.label_studio.server import Server
from tests.support.builders.runs import any_label_run, any_task
from tests.support.fakes.ledger import MemoryLedger

LABELS = ("open", 'shut & "closed"')
OPEN_SECONDS = 120
Make = Callable[..., LabelStudioLabeler]


def run_of(run_id: str, source_prefix: str | None = None, manifest: str | None = None, **task: Any) -> LabelRun:
    given = {"workers_per_object": 2, "labels": LABELS, "availability_seconds": 86_400, **task}
    objects = {"source_prefix": source_prefix, "manifest": manifest}
    return any_label_run(execution=f"execution-{run_id}", run_id=run_id, task=any_task(**given), **objects)


def started(
    labeler: LabelStudioLabeler, store: S3ObjectStore, run: LabelRun, **fields: Any
) -> tuple[str, BuiltManifest]:
    """`fields` stand in each line of the manifest."""
    manifest = prepare(run, labeler.page(run.task), store)
    key = manifest.manifest_uri.key
    store.write(key, dump_lines({**row, **fields} for row in load_lines(store.read(key), key)))
    return labeler.start(run, manifest).name, manifest


def signed_in(browser: Browser, server: Server) -> Page:
    page = browser.new_context(base_url=server.url, viewport={"width": 1300, "height": 900}).new_page()
    page.goto("/user/login/")
    page.locator("#email").fill(OWNER)
    page.locator("#password").fill(server.password)
    page.get_by_role("button", name="Log In").click()
    page.wait_for_url(lambda url: "login" not in url)
    return page


def open_first(page: Page, server: Server, run: LabelRun, name: str) -> None:
    """The job's first task, once its question is there: the editor is large, and a busy machine takes its time. The
    next task follows each answer."""
    page.goto(f"/projects/{server.project(name)['id']}/data?labeling=1&task={server.tasks(name)[0]['id']}")
    question = re.escape(run.task.question).replace(r"\$", "\\$\u2060?")  # which takes no room
    page.get_by_text(re.compile(question)).wait_for(timeout=OPEN_SECONDS * 1000)


def submit(page: Page, server: Server, name: str, number: int = 0) -> None:
    """The annotation of the job's first task, or another one, and waits until the server has it."""
    page.get_by_role("button", name="Submit current annotation").click()
    wait_for_answer(server, name, number)


def wait_for_answer(server: Server, name: str, number: int = 0) -> None:
    deadline = time.monotonic() + 60
    while not server.tasks(name)[number]["annotations"] and time.monotonic() < deadline:
        time.sleep(0.5)


def collected(
    labeler: LabelStudioLabeler, store: S3ObjectStore, run: LabelRun, name: str, manifest: BuiltManifest
) -> list[LabelRow]:
    """The rows of the run's labels.jsonl, whatever is answered by now."""
    progress = labeler.progress(name)
    job = LabelingJob(name=name, created_here=True)
    collect(CollectRequest(run=run, manifest=manifest, job=job, progress=progress), labeler, store, MemoryLedger())
    return read_labels(store.read(labels_key(run.dataset, run.run_id)))
