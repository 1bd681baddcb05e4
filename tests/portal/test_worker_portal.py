"""A person's first visit to the worker portal: signing in, a password of one's own, labeling all that there is."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.localcloud import labeling
from tests.localcloud.labeling import LABELS, TEMPORARY_PASSWORD, WORKERS
from tests.portal.at_the_portal import interface, leave_task, shown_file, sign_in, start_working, wait_for

OWN_PASSWORD = "Own-Secret-Horse-99"
NEWCOMER = "newcomer@example.com"


def test_a_newcomer_sets_a_password_and_labels_all_33_faces(
    page, client, cloud, workforce, start, uris, answers, screenshots
):
    labeling.invite(client("cognito-idp"), workforce.user_pool, NEWCOMER)
    name = start()
    page.goto("/")
    screenshots(page, "1-sign-in")
    sign_in(page, NEWCOMER, TEMPORARY_PASSWORD)
    expect(page.get_by_role("heading", name="Choose a password")).to_be_visible()
    expect(page.get_by_text("At least 14 characters, with an upper-case letter")).to_be_visible()
    for password in ("short", "only-lower-case-letters"):  # the browser refuses the first, the pool the second
        page.get_by_label("New password").fill(password)
        page.get_by_label("The same again").fill(password)
        page.get_by_role("button", name="Save and sign in").click()
    expect(page.get_by_role("alert")).to_contain_text("an upper-case letter")
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
    rows = labeling.read_manifest(client("s3"), job)
    labels = {row["source-ref"].rsplit("/", 1)[1]: row["mouth-metadata"]["class-name"] for row in rows}
    assert labels == answers


def test_a_wrong_password_is_refused_and_the_address_kept(page, workforce):
    sign_in(page, WORKERS[0], "Wrong-Horse-7-Battery")
    expect(page.get_by_role("alert")).to_have_text("Incorrect username or password.")
    assert page.get_by_label("E-mail").input_value() == WORKERS[0]
