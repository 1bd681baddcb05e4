"""Against the real server: what is suggested is shown and is no vote, boxes come back, and the last answer is told."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
import urllib3
from playwright.sync_api import Browser, expect

from adapters.label_studio import LabelStudio
from adapters.label_studio_http import LabelStudioHttp
from adapters.object_store import S3ObjectStore
from labelers.label_studio.listener import LabelStudioListener
from labelers.label_studio.webhook import Webhook
from lambdas.label_studio_webhook import handler as function
from tests.label_studio.jobs import LABELS, Make, collected, open_first, run_of, signed_in, started, submit
from tests.label_studio.server import Server
from tests.support.fakes.lambda_context import Context

SUGGESTED = {
    "boundingBoxes": [{"label": LABELS[0], "left": 20, "top": 40, "width": 60, "height": 50}],
    "inputImageProperties": {"width": 512, "height": 512},
}


def test_a_suggested_box_and_one_that_a_person_draws_come_back_in_pixels(
    labeler: Make, server: Server, store: S3ObjectStore, browser: Browser
) -> None:
    ours, run = labeler(), run_of("boxes", type="image-bounding-box", workers_per_object=1)
    name, manifest = started(ours, store, run, suggestion=SUGGESTED)
    assert ours.progress(name).labeled == 0
    page = signed_in(browser, server)
    open_first(page, server, run, name)
    region = page.locator(".lsf-tree").get_by_text(LABELS[0])
    expect(region).to_be_visible(timeout=60_000)
    page.keyboard.press("2")
    area = page.locator("canvas").last.bounding_box()
    assert area
    x, y = area["x"] + 0.6 * area["width"], area["y"] + 0.6 * area["height"]
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 0.2 * area["width"], y + 0.1 * area["height"], steps=5)
    page.mouse.up()
    submit(page, server, name)
    assert ours.progress(name).labeled == 1
    row = collected(ours, store, run, name, manifest)[0]
    assert row.boxes is not None
    first, second = row.boxes
    drawn = server.tasks(name)[0]["annotations"][0]["result"][1]["value"]
    assert first.label == LABELS[0]
    assert (first.left, first.top) == pytest.approx((20, 40), abs=0.1)
    assert second.label == LABELS[1]
    assert (second.left, second.top) == pytest.approx((5.12 * drawn["x"], 5.12 * drawn["y"]), abs=0.01)
    assert (second.top / 512, second.height / 512) == pytest.approx((0.6, 0.1), abs=0.01)  # as high as the picture


def test_a_suggested_label_is_ticked_and_made_into_annotations_by_the_server_counts_nothing(
    labeler: Make, server: Server, store: S3ObjectStore, browser: Browser
) -> None:
    ours = labeler()
    run = run_of("suggested", type="image-multi-label", workers_per_object=1)
    name, manifest = started(ours, store, run, suggestion=[LABELS[1]])
    project = server.project(name)["id"]
    page = signed_in(browser, server)
    open_first(page, server, run, name)
    expect(page.get_by_role("checkbox", name=LABELS[1])).to_be_checked(timeout=60_000)
    page.get_by_role("checkbox", name=LABELS[0]).check()
    submit(page, server, name)
    server.ask(
        "POST", f"/api/dm/actions?id=predictions_to_annotations&project={project}", {"model_version": "kempelen"}
    )
    assert sum(len(task["annotations"]) for task in server.tasks(name)) > 1
    result = ours.result(run, name, manifest)
    assert [answer.labels for answer in result.answers.values()] == [LABELS]


@dataclass
class Ear:
    """Where the server calls: the function, behind what stands for API Gateway."""

    address: str = ""
    statuses: list[int] = field(default_factory=list)
    ends: list[tuple[str, str]] = field(default_factory=list)


@pytest.fixture
def ear() -> Iterator[Ear]:
    heard = Ear()

    class Gateway(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            event = {"version": "2.0", "headers": headers, "pathParameters": {"job": self.path.split("/")[-1]}}
            status = int(function.handler(event, Context())["statusCode"])  # type: ignore[arg-type]
            heard.statuses.append(status)
            self.send_response(status)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Nothing."""

    gateway = ThreadingHTTPServer(("127.0.0.1", 0), Gateway)
    threading.Thread(target=gateway.serve_forever, daemon=True).start()
    heard.address = f"http://127.0.0.1:{gateway.server_address[1]}"
    yield heard
    gateway.shutdown()
    gateway.server_close()


def test_the_last_answer_is_told_within_seconds(
    labeler: Make, server: Server, store: S3ObjectStore, ear: Ear, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = labeler(webhook=ear.address)
    client = LabelStudio(LabelStudioHttp(urllib3.PoolManager(), server.url, lambda: server.token, time.sleep))
    webhook = Webhook(client, lambda: server.token, ear.address)
    listener = LabelStudioListener(client, ours, webhook, lambda *told: ear.ends.append(told))
    monkeypatch.setattr(function, "_listener", lambda: listener)
    name, manifest = started(ours, store, run := run_of("heard"))
    ours.start(run, manifest)
    project = server.project(name)["id"]
    (hook,) = server.ask("GET", f"/api/webhooks/?project={project}")
    assert server.token not in str(hook)
    for user in (1, server.person("hal")):
        for number in range(3):
            assert ear.ends == []
            server.annotate(name, number, user, LABELS[0])
    deadline = time.monotonic() + 20
    while not ear.ends and time.monotonic() < deadline:
        time.sleep(0.1)
    assert ear.ends == [(name, "Completed")]
    assert set(ear.statuses) == {204}
    assert server.ask("GET", f"/api/webhooks/?project={project}") == []
