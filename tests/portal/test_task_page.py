"""The page of one task: awkward texts, what cannot be done, what a template may not do, narrow windows."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from domain.labeling.worker_page import worker_page
from domain.workflow.inputs import LabelingTask
from tests.localcloud import labeling
from tests.localcloud.labeling import LABELS, WORKERS
from tests.portal.at_the_portal import interface, leave_task, sign_in, start_working, wait_for


def test_awkward_texts_are_shown_as_they_are(page, start, client, screenshots):
    labels = ['say "cheese"', "l'œil <b>fermé</b>", "{{ 1 | plus: 1 }} & 日本語"]
    task = LabelingTask(
        type="image-single-label",
        question='Is "it" <i>open</i>, {{ task }}?',
        instructions="First line\nSecond <script>alert(1)</script> line",
        labels=labels,
    )
    name = start(1, labels=labels, template=worker_page(task))
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
    expect(interface(page).get_by_role("dialog")).to_be_hidden()
    page.keyboard.press("3")
    expect(interface(page).get_by_role("button", name="Submit")).to_be_enabled()
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
