"""A person at the worker portal: first sign-in, labeling with keyboard and mouse, skipping, declining, waiting."""

from __future__ import annotations

import csv
import json
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import FrameLocator, Page, expect

from domain.payloads import LabelingTask
from labelers.ground_truth.worker_template import worker_template
from localcloud.annotators import Annotator, run_annotators, set_passwords
from scripts.draw_faces import draw_faces
from tests.localcloud import labeling
from tests.localcloud.labeling import LABELS, PASSWORD, TEMPORARY_PASSWORD, WORKERS, Workforce

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
def start(
    client: Callable[[str], Any], workforce: Workforce, uris: list[str], request: Any
) -> Iterator[Callable[..., str]]:
    """Create a labeling job over the faces and wait until it is in progress; it is stopped after the test."""
    sagemaker = client("sagemaker")

    def create(count: int = 33, **task: Any) -> str:
        name = re.sub(r"[^a-z0-9]+", "-", request.node.name)[-55:].strip("-")
        template = task.pop("template", labeling.template("Is the mouth open?"))
        task = {"NumberOfHumanWorkersPerDataObject": 1, "template": template, **task}
        job = labeling.job_request(workforce, client("s3"), "faces", name, uris[:count], **task)
        sagemaker.create_labeling_job(**job)
        wait_for(client, name, "InProgress")
        return name

    yield create
    for job in sagemaker.list_labeling_jobs(StatusEquals="InProgress")["LabelingJobSummaryList"]:
        sagemaker.stop_labeling_job(LabelingJobName=job["LabelingJobName"])


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


def test_the_count_down_falls_and_a_task_of_which_the_time_is_over_is_given_back(page, start):
    name = start(2, TaskTimeLimitInSeconds=30)  # 6 s at the tests' time scale
    sign_in(page, WORKERS[0])
    start_working(page, name)
    clock = page.get_by_role("timer")
    expect(clock).to_have_text(re.compile("^0:0[4-6]$"))
    expect(page.locator(".clock")).to_have_class(re.compile("short"))
    expect(clock).to_have_text(re.compile("^0:0[0-3]$"))
    first = page.url
    page.wait_for_url(lambda url: url != first)
    expect(page.locator("#interface")).to_be_visible()


def test_a_skipped_task_goes_to_others_and_not_to_the_worker_who_skipped_it(page, start, uris, client, cloud):
    name = start(2)
    sign_in(page, WORKERS[0])
    start_working(page, name)
    skipped = shown_file(page, uris)
    leave_task(page, lambda: page.keyboard.press("s"))
    kept = shown_file(page, uris)
    assert kept != skipped
    interface(page).get_by_text(LABELS[0], exact=True).click()
    leave_task(page, lambda: page.keyboard.press("Enter"))
    expect(page.get_by_role("heading", name="No more tasks for now")).to_be_visible()

    other = Annotator(cloud.portal, WORKERS[1], PASSWORD, {skipped: LABELS[1]})
    assert run_annotators([other], name)[WORKERS[1]].submitted == 1
    expect(page.get_by_role("heading", name="This job has ended")).to_be_visible()


def test_a_declined_task_does_not_come_back_after_the_next_sign_in(page, start, uris, client):
    name = start(1)
    sign_in(page, WORKERS[0])
    start_working(page, name)
    leave_task(page, lambda: page.get_by_role("button", name="Decline").click())
    expect(page.get_by_role("heading", name="No more tasks for now")).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    sign_in(page, WORKERS[0])
    expect(page.locator("article", has_text=name)).to_contain_text("0 tasks for you")
    page.get_by_role("button", name="Sign out").click()
    sign_in(page, WORKERS[1])
    expect(page.locator("article", has_text=name)).to_contain_text("1 task for you")


def test_a_worker_who_stops_finds_the_same_task_later(page, start, uris, client):
    name = start(3)
    sign_in(page, WORKERS[0])
    start_working(page, name)
    held = page.url
    page.get_by_role("link", name="Stop and resume later").click()
    expect(page.get_by_role("heading", name="Jobs")).to_be_visible()
    start_working(page, name)
    assert page.url == held


def test_the_waiting_page_goes_on_by_itself_when_there_is_a_task_again(page, start, client, cloud, uris, screenshots):
    name = start(1)
    other = Annotator(cloud.portal, WORKERS[1], PASSWORD, {})
    other.sign_in()
    held = other._post(f"/jobs/{name}/next")["task"]
    sign_in(page, WORKERS[0])
    page.locator("article", has_text=name).get_by_role("button", name="Start working").click()
    expect(page.get_by_role("heading", name="No more tasks for now")).to_be_visible()
    screenshots(page, "6-waiting")
    other._post(f"/tasks/{held['id']}/skip")
    expect(page.locator("#interface")).to_be_visible()
    assert shown_file(page, uris) == uris[0].rsplit("/", 1)[1]


def test_the_job_list_shows_a_new_job_by_itself(page, start, client, workforce):
    labeling.invite(client("cognito-idp"), workforce.user_pool, "early@example.com")
    set_passwords(client("cognito-idp"), workforce.user_pool, ["early@example.com"], PASSWORD)
    sign_in(page, "early@example.com")
    expect(page.get_by_role("heading", name="Nothing to do right now")).to_be_visible()
    name = start(1)
    expect(page.locator("article", has_text=name)).to_be_visible()


def test_awkward_texts_are_shown_as_they_are(page, start, client, screenshots):
    labels = ['say "cheese"', "l'œil <b>fermé</b>", "{{ 1 | plus: 1 }} & 日本語"]
    task = LabelingTask(
        type="image-single-label",
        question='Is "it" <i>open</i>, {{ task }}?',
        instructions="First line\nSecond <script>alert(1)</script> line",
        labels=labels,
    )
    name = start(1, labels=labels, template=worker_template(task))
    sign_in(page, WORKERS[0])
    start_working(page, name)
    for label in labels:
        expect(interface(page).get_by_text(label, exact=True)).to_be_visible()
    expect(interface(page).get_by_text('Is "it" <i>open</i>, {{ task }}?')).to_be_visible()
    screenshots(page, "7-awkward")
    interface(page).get_by_role("button", name="View full instructions").click()
    expect(interface(page).get_by_role("dialog")).to_contain_text("Second <script>alert(1)</script> line")
    screenshots(page, "8-full-instructions")
    interface(page).get_by_role("button", name="Close").click()
    page.keyboard.press("3")
    leave_task(page, lambda: page.keyboard.press("Enter"))
    job = wait_for(client, name, "Completed")
    assert labeling.read_manifest(client("s3"), job)[0]["mouth-metadata"]["class-name"] == labels[2]


def test_nothing_can_be_submitted_before_something_is_chosen(page, start, client):
    name = start(1)
    sign_in(page, WORKERS[0])
    start_working(page, name)
    expect(interface(page).get_by_role("button", name="Submit")).to_be_disabled()
    before = page.url
    page.keyboard.press("Enter")
    page.keyboard.press("9")
    expect(interface(page).get_by_role("button", name="Submit")).to_be_disabled()
    assert page.url == before


def test_an_image_that_cannot_be_loaded_says_so(page, start, client):
    name = start(1, rows=[{"source-ref": "s3://faces/raw/absent.jpg"}])
    sign_in(page, WORKERS[0])
    start_working(page, name)
    expect(interface(page).get_by_role("alert")).to_have_text("The image could not be loaded. Skip this task, please.")


def test_a_task_of_a_job_that_was_stopped_meanwhile_says_so(page, start, client):
    name = start(2)
    sign_in(page, WORKERS[0])
    start_working(page, name)
    client("sagemaker").stop_labeling_job(LabelingJobName=name)
    wait_for(client, name, "Stopped")
    interface(page).get_by_text(LABELS[0], exact=True).click()
    interface(page).get_by_role("button", name="Submit").click()
    expect(page.get_by_role("alert")).to_contain_text("This task is no longer yours")


def test_a_templates_script_cannot_use_the_workers_session(page, start, client):
    script = """<script>
      const cookie = () => { try { return document.cookie; } catch { return "no cookie"; } };
      fetch("/jobs", {headers: {Accept: "application/json"}, credentials: "include"})
        .then((answer) => answer.text()).catch((error) => "blocked: " + error)
        .then((text) => { document.body.dataset.seen = text + "|" + cookie(); });
    </script>"""
    name = start(1, template=script)
    sign_in(page, WORKERS[0])
    start_working(page, name)
    expect(interface(page).locator("body")).to_have_attribute("data-seen", re.compile(r"^blocked: .*\|no cookie$"))


def test_a_narrow_window_shows_everything_below_one_another(page, start, client, screenshots):
    name = start(1)
    page.set_viewport_size({"width": 420, "height": 860})
    sign_in(page, WORKERS[0])
    start_working(page, name)
    interface(page).get_by_alt_text("The image to label").evaluate("image => image.decode()")
    screenshots(page, "9-narrow")
    overflow = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    assert not overflow


def test_a_wrong_password_is_refused_and_the_address_kept(page, workforce):
    sign_in(page, WORKERS[0], "Wrong-Horse-7-Battery")
    expect(page.get_by_role("alert")).to_have_text("Incorrect username or password.")
    assert page.get_by_label("E-mail").input_value() == WORKERS[0]
