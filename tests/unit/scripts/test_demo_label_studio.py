"""The demo's people and its job at a Label Studio server, without a server."""

from __future__ import annotations

import json
import threading
from types import SimpleNamespace
from typing import Any

import httpx
import pytest

from domain.workflow.names import PORTAL_SOURCE
from labelers.label_studio.note import Note, note_of
from localcloud.client.scripted_workers import WorkerError
from scripts.demo.label_studio import PATIENCE, LabelStudioJobs, LabelStudioWorker, settings_of
from scripts.demo.labeling_jobs import Progress
from stacks.settings.loading import load_settings

URL = "http://127.0.0.1:8080"
ADDRESS = "http://127.0.0.1:4566/data-bucket/raw/faces/face%2005%20%28birthday%29.jpg?X-Amz-Signature=0"
LABELS = ["open", "shut"]
NAME = "kempelen-dev-label-faces"


class Server:
    """As its owner uses it: one project, of which so many tasks are finished."""

    url, turn = URL, threading.Lock()

    def __init__(self, finished: int | None = None) -> None:
        note = Note(
            dataset="faces",
            run_id="run-1",
            execution="execution-1",
            manifest_uri="s3://data-bucket/labeling/faces/run-1/input.manifest",
            objects=3,
            needed=3,
            type="image-single-label",
            labels=tuple(LABELS),
            expires=2e9,
        )
        made = {"id": 7, "title": NAME, "description": note.written(), "finished_task_number": finished}
        self.made = [made] if finished is not None else []

    def projects(self) -> list[dict[str, Any]]:
        return self.made

    def ask(self, method: str, path: str, body: dict[str, Any]) -> None:
        assert (method, path) == ("PATCH", "/api/projects/7")
        self.made[0] |= body


class Pages:
    """What the server sends a worker. The next `failures` requests fail."""

    def __init__(self) -> None:
        self.failures = 0
        self.asked: list[str] = []
        self.answered: list[dict[str, Any]] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(f"{request.method} {request.url.path}")
        if self.failures:
            self.failures -= 1
            return httpx.Response(500, text="database is locked")
        if request.method == "POST":
            self.answered.append(json.loads(request.content))
            return httpx.Response(201, json={"id": 1})
        if request.url.path == "/api/projects":
            asks = {"parsed_label_config": {"label": {"labels": LABELS}}}
            found = [{"id": 7, "is_published": True, **asks}, {"id": 6, "is_published": False, **asks}]
            return httpx.Response(200, json={"results": found})
        if len(self.answered) == 1:
            return httpx.Response(404, json={"detail": "There are no tasks"})
        return httpx.Response(200, json={"id": 21, "data": {"image": ADDRESS, "number": 0}})


def worker(pages: Any, error_rate: float = 0) -> LabelStudioWorker:
    made = LabelStudioWorker(
        Server(),  # type: ignore[arg-type]
        "ada@example.com",
        {"face 05 (birthday).jpg": "open"},
        error_rate=error_rate,
        seed=1,
    )
    made._http = httpx.Client(base_url=URL, transport=httpx.MockTransport(pages))
    return made


def test_the_settings_make_a_stage_that_labels_there() -> None:
    labeling = {"backend": "label_studio", **settings_of(Server())}  # type: ignore[arg-type]
    settings = load_settings("dev", labeling=labeling)
    assert settings.in_label_studio
    assert settings.labeling.label_studio_url == URL


def test_a_worker_answers_whatever_the_server_hands_out() -> None:
    pages = Pages()
    ada = worker(pages)
    assert ada.open_jobs() == ["7"]
    assert ada.work("7") is None
    assert ada.work("7") == "Missing"
    assert pages.asked[-2:] == ["POST /api/tasks/21/annotations", "GET /api/projects/7/next"]
    choice = {"from_name": "label", "to_name": "image", "type": "choices", "value": {"choices": ["open"]}}
    assert pages.answered == [{"result": [choice]}]
    assert (ada.counts.submitted, ada.counts.mistakes) == (1, 0)


def test_a_worker_who_errs_takes_another_label() -> None:
    pages = Pages()
    bob = worker(pages, error_rate=1)
    bob.work(*bob.open_jobs())
    assert pages.answered[0]["result"][0]["value"] == {"choices": ["shut"]}
    assert bob.counts.mistakes == 1


def test_what_a_busy_server_could_not_do_is_asked_for_again_but_not_for_ever() -> None:
    pages = Pages()
    ada = worker(pages)
    pages.failures = 1
    assert ada.open_jobs() == []
    assert ada.open_jobs() == ["7"]
    pages.failures = 1
    assert ada.work("7") == "Missing"
    assert ada.work("7") is None
    pages.failures = PATIENCE + 1
    assert [ada.open_jobs() for _ in range(PATIENCE)] == [[]] * PATIENCE
    with pytest.raises(WorkerError, match="database is locked"):
        ada.open_jobs()


def test_an_answer_that_the_server_lost_is_told() -> None:
    pages = Pages()

    def forgets(request: httpx.Request) -> httpx.Response:
        return httpx.Response(500) if request.method == "POST" else pages(request)

    ada = worker(forgets)
    ada.work(*ada.open_jobs())
    assert (ada.counts.submitted, ada.counts.lost) == (0, 1)


def test_a_worker_signs_up_by_the_owners_invitation() -> None:
    sent: list[bytes] = []

    def page(request: httpx.Request) -> httpx.Response:
        if request.method == "GET":
            return httpx.Response(200, headers={"Set-Cookie": "csrftoken=proof"})
        sent.append(request.content)
        return httpx.Response(302 if len(sent) == 1 else 200, headers={"Location": "/projects"})

    ada = worker(page)
    ada.accept("/user/signup/?token=invited")
    assert b"email=ada%40example.com" in sent[0]
    assert b"csrfmiddlewaretoken=proof" in sent[0]
    with pytest.raises(WorkerError, match=r"ada@example\.com cannot sign up"):
        ada.accept("/user/signup/?token=invited")


def test_how_far_the_job_is_and_when_it_is_over() -> None:
    assert LabelStudioJobs(Server(), None).progress() is None  # type: ignore[arg-type]
    assert LabelStudioJobs(Server(2), None).progress() == Progress(NAME, 2, 3, open=True)  # type: ignore[arg-type]
    assert LabelStudioJobs(Server(3), None).progress() == Progress(NAME, 3, 3, open=False)  # type: ignore[arg-type]


def test_a_stop_is_written_down_and_told() -> None:
    told: list[dict[str, Any]] = []

    def put_events(Entries: list[dict[str, Any]]) -> dict[str, int]:  # noqa: N803 - as AWS calls it
        told.extend(Entries)
        return {"FailedEntryCount": 0}

    server = Server(2)
    jobs = LabelStudioJobs(server, SimpleNamespace(put_events=put_events))  # type: ignore[arg-type]
    jobs.stop(NAME)
    assert jobs.progress() == Progress(NAME, 2, 3, open=False)
    assert note_of(server.made[0]).stopped is not None
    assert [(one["Source"], json.loads(one["Detail"])) for one in told] == [
        (PORTAL_SOURCE, {"LabelingJobStatus": "Stopped"})
    ]
