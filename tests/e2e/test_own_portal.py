"""Our own portal as it is deployed: people sign in at Cognito's page, label in a browser, and the execution goes on."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from localcloud.client.scripted_workers import ScriptedWorker, set_passwords
from scripts.demo.job import Job
from scripts.demo.labeling import WORKERS, new_password
from scripts.demo.labeling_jobs import PortalJobs
from tests.e2e.conftest import LABELS, Deployed

TEMPORARY, OWN = "Temporary-1-password!", "Of-my-own-1-password!"
WOKEN_SECONDS = 15
"""A whole Step Functions poll takes half an hour: whoever goes on within this was woken."""


def start(deployed: Deployed, dataset: str, **task: Any) -> str:
    given = deployed.pipeline_input(dataset)
    given["task"] |= {"workers_per_object": 1, **task}
    return deployed.executions.start(deployed.outputs["LabelStateMachineArn"], dataset, given)


def wait_for(what: Callable[[], Any], seconds: float = 60) -> Any:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := what():
            return found
        time.sleep(0.2)
    pytest.fail(f"{what} gave nothing within {seconds} s")


def open_job(deployed: Deployed, dataset: str) -> str:
    jobs = PortalJobs(deployed.clients, deployed.outputs)

    def find() -> str | None:
        found = jobs.progress()
        return found.name if found and found.open and f"-{dataset}-" in found.name else None

    return str(wait_for(find))


def ask(deployed: Deployed, **question: Any) -> Any:
    name = deployed.outputs["ManageLabelingFunctionName"]
    answer = deployed.clients.functions.invoke(FunctionName=name, Payload=json.dumps(question))
    return json.loads(answer["Payload"].read())


@pytest.fixture
def worker(in_portal: Deployed) -> Iterator[Callable[[Job], ScriptedWorker]]:
    made: list[ScriptedWorker] = []

    def sign_in(job: Job) -> ScriptedWorker:
        password = new_password()
        set_passwords(in_portal.clients.cognito, in_portal.outputs["UserPoolId"], WORKERS[:1], password)
        made.append(ScriptedWorker(in_portal.outputs["PortalAddress"], WORKERS[0], password, job.answers or {}))
        made[0].sign_in()
        return made[0]

    yield sign_in
    for one in made:
        one.close()


def test_the_last_answer_wakes_the_execution(in_portal: Deployed, worker: Any, tmp_path: Path) -> None:
    job = in_portal.upload("woken", tmp_path, count=3, open_mouths=1)
    arn = start(in_portal, "woken")
    name, person = open_job(in_portal, "woken"), worker(job)
    while person.work(name) not in ("Completed", "Missing"):
        pass
    output = wait_for(lambda: in_portal.executions.status(arn) == "SUCCEEDED", WOKEN_SECONDS)
    output = in_portal.executions.wait(arn)
    assert output["counts"] == {"objects": 3, "labeled": 3, "unlabeled": 0, "rejected": 0}
    assert {row["label"] for row in in_portal.rows(output["labels_uri"])} == set(LABELS)


def test_a_requester_closes_the_job_and_what_is_labeled_goes_on(
    in_portal: Deployed, worker: Any, tmp_path: Path
) -> None:
    job = in_portal.upload("closed", tmp_path, count=3, open_mouths=1)
    arn = start(in_portal, "closed")
    name, person = open_job(in_portal, "closed"), worker(job)
    assert person.work(name) is None
    assert ask(in_portal, action="close", job=name)["status"] == "Stopped"
    wait_for(lambda: in_portal.executions.status(arn) == "SUCCEEDED", WOKEN_SECONDS)
    assert in_portal.executions.wait(arn)["counts"] == {"objects": 3, "labeled": 1, "unlabeled": 2, "rejected": 0}


@pytest.mark.long
def test_what_two_workers_disagree_on_a_reviewer_decides_and_the_execution_goes_on(
    in_portal: Deployed, tmp_path: Path
) -> None:
    answers = in_portal.upload("reviewed", tmp_path, count=2, open_mouths=1).answers or {}
    other = {file: LABELS[label == LABELS[0]] for file, label in answers.items()}
    arn = start(in_portal, "reviewed", workers_per_object=2, most_workers=2, ask_again_below=0.9)
    assert ask(in_portal, action="invite", email=WORKERS[1], reviewer=True)["email"] == WORKERS[1]
    name, password, address = open_job(in_portal, "reviewed"), new_password(), in_portal.outputs["PortalAddress"]
    set_passwords(in_portal.clients.cognito, in_portal.outputs["UserPoolId"], WORKERS[:2], password)
    people = [
        ScriptedWorker(address, email, password, said) for email, said in zip(WORKERS, (answers, other), strict=False)
    ]
    for person in people:
        person.sign_in()
        while person.work(name) is None:
            pass
    reviewer = people[1]
    for decision in ({"answer": {"crowd-image-classifier": {"label": LABELS[0]}}}, {"answer": None, "comment": "dark"}):
        found = wait_for(lambda: reviewer._post(f"/jobs/{name}/review/next")["task"], WOKEN_SECONDS)
        assert sorted(found["votes"]) == sorted(LABELS)
        assert reviewer._post(f"{found['path']}/submit", decision) == {"status": "submitted"}
    output = in_portal.executions.wait(arn)
    assert output["counts"] == {"objects": 2, "labeled": 1, "unlabeled": 1, "rejected": 0}
    rows = in_portal.rows(output["labels_uri"])
    assert {(row["label"], row["decided_by"], row.get("comment")) for row in rows} == {
        (LABELS[0], "reviewer", None),
        (None, "reviewer", "dark"),
    }
    for person in people:
        person.close()


def test_an_execution_that_is_stopped_stops_its_job_and_keeps_the_labels(
    in_portal: Deployed, worker: Any, tmp_path: Path
) -> None:
    job = in_portal.upload("aborted", tmp_path, count=3, open_mouths=1)
    arn = start(in_portal, "aborted")
    name, person = open_job(in_portal, "aborted"), worker(job)
    assert person.work(name) is None
    in_portal.clients.states.stop_execution(executionArn=arn)
    key = "labels/aborted/aborted/labels.jsonl"
    s3, bucket = in_portal.clients.s3, in_portal.bucket
    wait_for(lambda: s3.list_objects_v2(Bucket=bucket, Prefix=key).get("Contents"))
    rows = in_portal.rows(f"s3://{bucket}/{key}")
    assert sorted(row["status"] for row in rows) == ["labeled", "unlabeled", "unlabeled"]
    assert ask(in_portal, action="progress", job=name)["status"] == "Stopped"


def test_a_person_labels_in_a_browser_from_the_invitation_to_the_label(
    in_portal: Deployed, browser: Browser, tmp_path: Path
) -> None:
    in_portal.upload("person", tmp_path, count=2, open_mouths=1)
    cognito, pool = in_portal.clients.cognito, in_portal.outputs["UserPoolId"]
    cognito.admin_set_user_password(UserPoolId=pool, Username=WORKERS[1], Password=TEMPORARY, Permanent=False)
    arn = start(in_portal, "person")
    open_job(in_portal, "person")
    page = browser.new_context().new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda said: problems.append(said.text) if "Content Security" in said.text else None)
    sign_in(page, in_portal.outputs["PortalAddress"])
    page.locator("article", has_text="person").get_by_role("button", name="Start working").click()
    answer(page, "1")
    before = page.url
    page.keyboard.press("u")
    page.wait_for_url(lambda url: url != before)
    expect(page.get_by_text("Your answer was")).to_be_visible()
    answer(page, "2")
    answer(page, "2")
    expect(page.get_by_role("heading", name="This job has ended")).to_be_visible()
    rows = in_portal.rows(in_portal.executions.wait(arn)["labels_uri"])
    assert [row["label"] for row in rows] == [LABELS[1], LABELS[1]]
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="You are signed out")).to_be_visible()
    assert problems == []


def sign_in(page: Page, portal: str) -> None:
    """With the password of the invitation, for which Cognito's page wants one of one's own."""
    page.goto(portal)
    page.fill("input[name=username]", WORKERS[1])
    page.fill("input[name=password]", TEMPORARY)
    page.click("[type=submit]")
    for field in page.locator("input[type=password]").all():
        field.fill(OWN)
    page.click("[type=submit]")
    page.wait_for_url("**/jobs")


def answer(page: Page, key: str) -> None:
    image = page.frame_locator("#interface").get_by_alt_text("The image to label")
    expect(image).to_be_visible()
    image.evaluate("image => image.decode()")
    before = page.url
    page.keyboard.press(key)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: url != before)
