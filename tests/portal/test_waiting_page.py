"""The page on which one waits looks again every three seconds, whatever the job does, and shows what has changed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from domain.tasks import jobs
from domain.tasks.model import Job
from tests.portal.own_portal import OwnPortal


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context()
    yield context.new_page()
    context.close()


def waits(own: OwnPortal, status: str) -> str:
    name = own.start([("picture.png", {})], ask_again_below=0.9, type="image-single-label", labels=("boat", "house"))
    set_status(own, name, status)
    return name


def set_status(own: OwnPortal, name: str, status: str) -> None:
    def made(job: Job) -> Job:
        return job.model_copy(update={"status": status})

    jobs.change(own.tasks, name, made)


@pytest.mark.parametrize("status", ["Paused", "Stopping"])
@pytest.mark.parametrize("queue", ["", "/review"])
def test_a_job_that_gives_nothing_is_asked_once_and_then_in_three_seconds(page, own, status, queue) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{own.address}/jobs/{waits(own, status)}{queue}")
    page.wait_for_timeout(1_000)
    assert len([url for url in asked if url.endswith("/next")]) == 1


def test_what_changes_is_shown_and_an_ended_job_is_not_asked_any_more(page, own) -> None:
    name = waits(own, "Paused")
    page.goto(f"{own.address}/jobs/{name}")
    expect(page.get_by_text("This job is paused")).to_be_visible()
    set_status(own, name, "Stopped")
    expect(page.get_by_text("This job has ended")).to_be_visible(timeout=6_000)
