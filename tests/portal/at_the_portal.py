"""What a person does at the worker portal, as steps for the tests."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import FrameLocator, Page, expect

from tests.localcloud.labeling import PASSWORD


def wait_for(client: Callable[[str], Any], name: str, status: str) -> dict[str, Any]:
    for _ in range(200):
        job = client("sagemaker").describe_labeling_job(LabelingJobName=name)
        if job["LabelingJobStatus"] == status:
            return dict(job)
        time.sleep(0.1)
    pytest.fail(f"{name} is {job['LabelingJobStatus']}, not {status}: {job.get('FailureReason')}")


def sign_in(page: Page, email: str, password: str = PASSWORD) -> None:
    page.goto("/")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()


def start_working(page: Page, job: str) -> None:
    page.locator("article", has_text=job).get_by_role("button", name="Start working").click()
    expect(page.locator("#interface")).to_be_visible()


def interface(page: Page) -> FrameLocator:
    return page.frame_locator("#interface")


def shown_file(page: Page, uris: list[str]) -> str:
    """The object that the page shows, once the browser has loaded it."""
    image = interface(page).get_by_alt_text("The image to label")
    expect(image).to_be_visible()
    image.evaluate("image => image.decode()")
    source = image.evaluate("image => decodeURIComponent(new URL(image.src).pathname)")
    return next(uri.rsplit("/", 1)[1] for uri in uris if source.endswith(uri.removeprefix("s3://")))


def leave_task(page: Page, act: Callable[[], None]) -> None:
    """Do what ends the task and wait for the page that follows."""
    before = page.url
    act()
    page.wait_for_url(lambda url: url != before)
