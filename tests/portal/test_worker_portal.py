"""A person at the worker portal: first sign-in, labeling with keyboard and mouse, skipping, declining, waiting."""

from __future__ import annotations

import csv
import json
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import FrameLocator, Page, expect

from scripts.draw_faces import draw_faces
from tests.localcloud import labeling
from tests.localcloud.labeling import LABELS, PASSWORD, TEMPORARY_PASSWORD, Workforce

OWN_PASSWORD = "Own-Secret-Horse-99"
NEWCOMER = "newcomer@example.com"


@pytest.fixture(scope="session")
def faces(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """33 drawn faces in images/, the answers in answers.csv."""
    folder = tmp_path_factory.mktemp("faces")
    draw_faces(folder / "images", folder / "answers.csv")
    return folder


@pytest.fixture(scope="session")
def answers(faces: Path) -> dict[str, str]:
    with (faces / "answers.csv").open(encoding="utf-8", newline="") as lines:
        return {row["file"]: row["label"] for row in csv.DictReader(lines)}


@pytest.fixture(scope="session")
def uris(client: Callable[[str], Any], faces: Path) -> list[str]:
    s3 = client("s3")
    bucket = labeling.make_bucket(s3, "faces")
    found = []
    for path in sorted((faces / "images").iterdir()):
        s3.put_object(Bucket=bucket, Key=f"raw/{path.name}", Body=path.read_bytes(), ContentType="image/jpeg")
        found.append(f"s3://{bucket}/raw/{path.name}")
    return found


@pytest.fixture
def start(client: Callable[[str], Any], workforce: Workforce, uris: list[str], request: Any) -> Callable[..., str]:
    """Create a labeling job over the faces and wait until it is in progress."""

    def create(count: int = 33, **task: Any) -> str:
        name = re.sub(r"[^a-z0-9]+", "-", request.node.name)[-55:].strip("-")
        template = task.pop("template", labeling.template("Is the mouth open?"))
        task = {"NumberOfHumanWorkersPerDataObject": 1, "template": template, **task}
        job = labeling.job_request(workforce, client("s3"), "faces", name, uris[:count], **task)
        client("sagemaker").create_labeling_job(**job)
        wait_for(client, name, "InProgress")
        return name

    return create


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


def test_a_newcomer_sets_a_password_and_labels_all_33_faces(
    page, client, cloud, workforce, start, uris, answers, screenshots
):
    labeling.invite(client("cognito-idp"), workforce.user_pool, NEWCOMER)
    name = start()
    page.goto("/")
    screenshots(page, "1-sign-in")
    sign_in(page, NEWCOMER, TEMPORARY_PASSWORD)
    expect(page.get_by_role("heading", name="Choose a password")).to_be_visible()
    page.get_by_label("New password").fill("short")
    page.get_by_label("The same again").fill("short")
    page.get_by_role("button", name="Save and sign in").click()
    expect(page.get_by_role("alert")).to_contain_text("at least 14 characters")
    screenshots(page, "2-new-password")
    page.get_by_label("New password").fill(OWN_PASSWORD)
    page.get_by_label("The same again").fill(OWN_PASSWORD)
    page.get_by_role("button", name="Save and sign in").click()

    expect(page.get_by_text("33 tasks for you")).to_be_visible()
    screenshots(page, "3-jobs")
    start_working(page, name)
    for number in range(33):
        label = answers[shown_file(page, uris)]
        if number % 2:
            leave_task(
                page,
                lambda label=label: (page.keyboard.press(str(LABELS.index(label) + 1)), page.keyboard.press("Enter")),
            )
        else:
            interface(page).get_by_text(label, exact=True).click()
            if number == 0:
                screenshots(page, "4-task")
            leave_task(page, lambda: interface(page).get_by_role("button", name="Submit").click())
    expect(page.get_by_role("heading", name="This job has ended")).to_be_visible()
    screenshots(page, "5-ended")

    job = wait_for(client, name, "Completed")
    assert job["LabelCounters"]["HumanLabeled"] == 33
    bucket, _, key = job["LabelingJobOutput"]["OutputDatasetS3Uri"].removeprefix("s3://").partition("/")
    rows = [json.loads(line) for line in client("s3").get_object(Bucket=bucket, Key=key)["Body"].iter_lines()]
    labels = {row["source-ref"].rsplit("/", 1)[1]: row["mouth-metadata"]["class-name"] for row in rows}
    assert labels == answers
