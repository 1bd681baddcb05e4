"""After an answer: taking it back, a second tab that knows nothing of it, and how one goes on."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.localcloud import labeling
from tests.localcloud.labeling import LABELS, WORKERS
from tests.portal.at_the_portal import interface, leave_task, shown_file, sign_in, start_working, wait_for


def answer(page, label: str) -> None:
    interface(page).get_by_text(label, exact=True).click()
    leave_task(page, lambda: page.keyboard.press("Enter"))


@pytest.mark.parametrize("by", ["key", "button"])
def test_the_last_answer_is_taken_back_and_given_anew(page, start, uris, client, screenshots, by):
    name = start(2)
    sign_in(page, WORKERS[0])
    start_working(page, name)
    expect(page.get_by_role("button", name="Undo")).not_to_be_visible()
    first = shown_file(page, uris)
    answer(page, LABELS[0])
    second = shown_file(page, uris)
    screenshots(page, "10-undo")
    undo = page.get_by_role("button", name="Undo")
    leave_task(page, undo.click if by == "button" else lambda: page.keyboard.press("u"))
    assert shown_file(page, uris) == first
    expect(page.get_by_text(f"Your answer was “{LABELS[0]}”. It holds until you submit another one.")).to_be_visible()
    screenshots(page, "11-undone")
    answer(page, LABELS[1])
    assert shown_file(page, uris) == second
    answer(page, LABELS[0])
    job = wait_for(client, name, "Completed")
    given = {row["source-ref"].rsplit("/", 1)[1]: row["mouth-metadata"]["class-name"] for row in manifest(client, job)}
    assert given == {first: LABELS[1], second: LABELS[0]}


def test_an_answer_that_is_taken_back_holds_when_the_job_is_stopped(page, start, uris, client):
    name = start(2)
    sign_in(page, WORKERS[0])
    start_working(page, name)
    first = shown_file(page, uris)
    answer(page, LABELS[1])
    leave_task(page, lambda: page.keyboard.press("u"))
    client("sagemaker").stop_labeling_job(LabelingJobName=name)
    rows = manifest(client, wait_for(client, name, "Stopped"))
    labeled = {row["source-ref"].rsplit("/", 1)[1] for row in rows if "mouth-metadata" in row}
    assert labeled == {first}


def test_a_second_tab_says_what_happened_and_goes_on(page, start, uris):
    name = start(3)
    sign_in(page, WORKERS[0])
    start_working(page, name)
    other = page.context.new_page()
    other.goto(page.url)
    answer(page, LABELS[0])
    other.reload()
    expect(other.get_by_text("This task is no longer yours")).to_be_visible()
    other.get_by_role("button", name="Next task").click()
    assert shown_file(other, uris) == shown_file(page, uris)

    answer(other, LABELS[0])
    interface(page).get_by_text(LABELS[1], exact=True).click()
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("This task is no longer yours")
    leave_task(page, lambda: page.keyboard.press("Enter"))
    assert shown_file(page, uris) == shown_file(other, uris)


def test_the_question_stands_once_on_the_page(page, start):
    name = start(1)
    sign_in(page, WORKERS[0])
    start_working(page, name)
    expect(interface(page).get_by_text("Is the mouth open?")).to_have_count(1)
    expect(page.get_by_text("Is the mouth open?")).to_have_count(0)


def manifest(client, job):
    return labeling.read_manifest(client("s3"), job)
