"""Which tasks a worker gets: time limits, skipping, declining, resuming, waiting."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from localcloud.client.scripted_workers import ScriptedWorker, run_workers, set_passwords
from tests.localcloud import labeling
from tests.localcloud.labeling import LABELS, PASSWORD, WORKERS
from tests.portal.at_the_portal import interface, leave_task, shown_file, sign_in, start_working, wait_for


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

    other = ScriptedWorker(cloud.portal, WORKERS[1], PASSWORD, {skipped: LABELS[1]})
    assert run_workers([other], name)[WORKERS[1]].submitted == 1
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
    other = ScriptedWorker(cloud.portal, WORKERS[1], PASSWORD, {})
    other.sign_in()
    held = other._post(f"/jobs/{name}/next")["task"]
    sign_in(page, WORKERS[0])
    page.locator("article", has_text=name).get_by_role("button", name="Start working").click()
    expect(page.get_by_role("heading", name="No more tasks for now")).to_be_visible()
    screenshots(page, "6-waiting")
    other._post(f"{held['path']}/skip")
    expect(page.locator("#interface")).to_be_visible()
    assert shown_file(page, uris) == uris[0].rsplit("/", 1)[1]


def test_the_job_list_shows_a_new_job_by_itself(page, start, client, workforce):
    labeling.invite(client("cognito-idp"), workforce.user_pool, "early@example.com")
    set_passwords(client("cognito-idp"), workforce.user_pool, ["early@example.com"], PASSWORD)
    sign_in(page, "early@example.com")
    expect(page.get_by_role("heading", name="Nothing to do right now")).to_be_visible()
    name = start(1)
    expect(page.locator("article", has_text=name)).to_be_visible()


def team(client, workforce, cloud) -> dict[str, ScriptedWorker]:
    """Everybody of the team, those whom other tests have invited among them, signed in."""
    cognito = client("cognito-idp")
    users = cognito.list_users_in_group(UserPoolId=workforce.user_pool, GroupName=labeling.GROUP)["Users"]
    emails = [field["Value"] for user in users for field in user["Attributes"] if field["Name"] == "email"]
    set_passwords(cognito, workforce.user_pool, emails, PASSWORD)
    workers = {email: ScriptedWorker(cloud.portal, email, PASSWORD, {}) for email in emails}
    for worker in workers.values():
        worker.sign_in()
    return workers


def decline_next(worker: ScriptedWorker, job: str) -> None:
    worker._post(f"{worker._post(f'/jobs/{job}/next')['task']['path']}/decline")


def test_a_job_ends_when_everybody_has_declined_what_is_left(start, client, workforce, cloud):
    name = start(2)
    for worker in team(client, workforce, cloud).values():
        decline_next(worker, name)
        decline_next(worker, name)
    assert wait_for(client, name, "Completed")["LabelCounters"]["Unlabeled"] == 2


def test_skipped_tasks_come_again_and_say_so_when_nothing_else_is_left(
    page, start, uris, client, workforce, cloud, screenshots
):
    name = start(1)
    for email, worker in team(client, workforce, cloud).items():
        if email != WORKERS[0]:
            decline_next(worker, name)
    sign_in(page, WORKERS[0])
    start_working(page, name)
    shown_file(page, uris)
    leave_task(page, lambda: page.keyboard.press("s"))
    expect(page.get_by_text("You skipped this one before. Nothing else is left.")).to_be_visible()
    screenshots(page, "7-again")
