"""The labeling back end against a real Label Studio server, the open edition."""

from __future__ import annotations

import base64
import json

import httpx
import pytest
from playwright.sync_api import Browser, expect

from adapters.object_store import S3ObjectStore
from domain.errors import LabelingJobConflict, RequestRefused
from domain.labeling.collect import collect
from domain.workflow.inputs import LabelingTask
from domain.workflow.states import CollectRequest, LabelingJob
from labelers.label_studio.images import StorageImages
from labelers.label_studio.votes import worker_id
from scripts.label_studio_server import OWNER
from tests.label_studio.jobs import LABELS, Make, open_first, run_of, signed_in, started, submit
from tests.label_studio.server import Server
from tests.support.builders.runs import any_task
from tests.support.fakes.ledger import MemoryLedger

TASK = LabelingTask(**any_task())
SHOWN = "[...document.images].some(i => /^blob:|raw.faces/.test(i.src) && i.naturalWidth > 100)"


def test_the_checks_are_well_and_a_wrong_token_is_told(labeler: Make) -> None:
    checks = labeler().checks(TASK)
    assert [check.ok for check in checks] == [True, True, True]
    assert "version 1." in checks[0].detail
    assert OWNER in checks[1].detail
    assert [check.ok for check in labeler(token="wrong").checks(TASK)] == [True, False]


def test_a_personal_access_token_opens_it_too(labeler: Make, server: Server) -> None:
    token = server.ask("POST", "/api/token", {})["token"]
    assert [check.ok for check in labeler(token=token).checks(TASK)] == [True, True, True]


def test_people_label_and_their_labels_come_back(
    labeler: Make, server: Server, store: S3ObjectStore, browser: Browser
) -> None:
    ours, run = labeler(), run_of("labeled", question='Is the "mouth" < open & wide?', instructions="Look <b>well</b>.")
    name, manifest = started(ours, store, run)
    page = signed_in(browser, server)
    open_first(page, server, run, name)
    expect(page.get_by_text("Look <b>well</b>.")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_text("Look <b>well</b>.")).to_be_hidden()
    page.wait_for_function(SHOWN)
    page.get_by_text(LABELS[1]).click()
    submit(page, server, name)
    progress = ours.progress(name)
    assert (progress.status, progress.finished, progress.labeled) == ("InProgress", False, 0)

    ada, bob = server.person("ada"), server.person("bob")
    server.annotate(name, 0, ada, LABELS[1])
    server.annotate(name, 1, ada, LABELS[1])
    server.annotate(name, 1, ada, LABELS[0])  # thinks again
    server.annotate(name, 1, bob, LABELS[0])
    server.annotate(name, 2, ada, LABELS[0])
    server.annotate(name, 2, bob, None)
    assert ours.progress(name).labeled == 2
    server.annotate(name, 2, 1, LABELS[1])
    progress = ours.progress(name)
    assert (progress.status, progress.finished, progress.labeled) == ("Completed", True, 3)

    job = LabelingJob(name=name, created_here=True)
    ledger = MemoryLedger()
    request = CollectRequest(run=run, manifest=manifest, job=job, progress=progress)
    output = collect(request, ours, store, ledger)
    rows = [json.loads(line) for line in store.read("labels/faces/labeled/labels.jsonl").splitlines()]
    assert output.counts.labeled == 3
    assert [row["label"] for row in rows] == [LABELS[1], LABELS[0], LABELS[0]]  # a tie goes to the first label
    assert {vote["worker"] for vote in rows[0]["votes"]} == {worker_id(server.url, 1), worker_id(server.url, ada)}
    kept = store.read(f"labeling/faces/labeled/output/{name}/answers.jsonl")
    assert len(kept.splitlines()) == 8
    assert "@example.com" not in kept


def test_a_job_is_adopted_and_another_runs_is_refused(labeler: Make, server: Server, store: S3ObjectStore) -> None:
    ours, run = labeler(), run_of("adopted")
    name, manifest = started(ours, store, run)
    assert ours.start(run, manifest).created_here
    assert not ours.start(run.model_copy(update={"execution": "another"}), manifest).created_here
    assert len(server.tasks(name)) == 3
    server.ask("DELETE", f"/api/tasks/{server.tasks(name)[1]['id']}")
    ours.start(run, manifest)
    assert [task["data"]["number"] for task in server.tasks(name)] == [0, 1, 2]
    server.ask("PATCH", f"/api/projects/{server.project(name)['id']}", {"description": "ours"})
    with pytest.raises(LabelingJobConflict, match="rename it"):
        ours.start(run, manifest)


def test_a_stop_keeps_what_people_answered(labeler: Make, server: Server, store: S3ObjectStore) -> None:
    ours, run = labeler(), run_of("stopped")
    name, manifest = started(ours, store, run)
    server.annotate(name, 0, 1, LABELS[0])
    assert not ours.stop(run.model_copy(update={"execution": "another"}))
    assert ours.stop(run)
    assert not ours.stop(run)
    progress = ours.progress(name)
    assert (progress.status, progress.finished, progress.unlabeled) == ("Stopped", True, 3)
    (votes,) = ours.result(run, name, manifest).votes.values()
    assert [vote.label for vote in votes] == [LABELS[0]]


def test_the_server_reads_the_bucket_with_its_own_credentials(
    labeler: Make, server: Server, store: S3ObjectStore
) -> None:
    ours = labeler(StorageImages(store.bucket, "us-east-1"))
    name, _ = started(ours, store, run_of("storage"))
    task = server.tasks(name)[0]
    uri = base64.b64encode(task["data"]["image"].encode()).decode()
    if task["data"]["image"].startswith("s3://"):
        answer = server.api.get(f"/tasks/{task['id']}/resolve/", params={"fileuri": uri}, follow_redirects=False)
        shown = answer.headers["Location"]
    else:
        shown = httpx.URL(server.url).join(task["data"]["image"])
        shown = server.api.get(shown, follow_redirects=False).headers["Location"]
    assert httpx.get(shown).headers["Content-Type"] == "image/jpeg"


def test_a_bucket_that_the_server_cannot_read_is_told(labeler: Make, store: S3ObjectStore) -> None:
    ours = labeler(StorageImages("nobodys-bucket", "us-east-1"))
    with pytest.raises(RequestRefused, match="cannot read s3://nobodys-bucket"):
        started(ours, store, run_of("unreadable"))
