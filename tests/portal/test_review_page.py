"""The review queue in a browser: all votes, what they come to, a decision with a comment, and taking it back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import DESK, PHONE
from tests.portal.own_portal import OwnPortal
from tests.portal.test_task_types import BOXES, SINGLE, frame, keys

pytestmark = pytest.mark.long

ELEMENT = "crowd-image-classifier"
BOAT, HOUSE = {"label": "boat"}, {"label": "house"}


@pytest.fixture
def show(browser: Browser, own: OwnPortal) -> Iterator[Callable[..., tuple[Page, str]]]:
    """The first object of a job to review, and the job's name. Errors of scripts fail the test."""
    contexts, errors = [], []

    def open_page(task: dict[str, Any], votes: list[Any], count: int = 2, **options: Any) -> tuple[Page, str]:
        job = own.to_review("picture.png", {}, votes, count, **task)
        context = browser.new_context(**{**DESK, **options})
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(f"{own.address}/jobs")
        card = page.locator("article.review", has_text=job.replace("-", " "))
        expect(card).to_contain_text(f"{count} objects to review")
        card.get_by_role("button", name="Start reviewing").click()
        frame(page).get_by_role("button", name="Accept suggestion", exact=True).wait_for()
        return page, job

    yield open_page
    for context in contexts:
        context.close()
    assert errors == []


def test_all_votes_are_shown_and_the_decision_keeps_a_comment(show, own) -> None:
    page, job = show(SINGLE, [BOAT, HOUSE, BOAT, HOUSE])
    expect(page.get_by_role("listitem")).to_have_text([f"Worker {n} {vote}" for n, vote in
                                                       enumerate(("boat", "house", "boat", "house"), 1)])  # fmt: skip
    expect(page.get_by_text("Together: house, confidence 0.50")).to_be_visible()
    page.get_by_label("Comment").fill("2 sails, says x")  # no key of these is one of the page's
    frame(page).get_by_text("boat", exact=True).click()
    before = page.url
    frame(page).get_by_role("button", name="Submit", exact=True).click()
    page.wait_for_url(lambda url: url != before)
    assert own.decisions(job) == [({ELEMENT: BOAT}, "2 sails, says x")]
    expect(page.get_by_label("Comment")).to_have_value("")


def test_one_key_accepts_another_says_that_none_fits_and_undo_takes_it_back(show, own) -> None:
    page, job = show(SINGLE, [BOAT, HOUSE], count=3)
    keys(page, "Enter")
    keys(page, "x")
    assert sorted(own.decisions(job), key=str) == [(None, ""), ({ELEMENT: HOUSE}, "")]
    keys(page, "u")
    expect(page.get_by_text("Your decision was “none fits”. It holds until you submit another one.")).to_be_visible()
    frame(page).get_by_role("button", name="Accept suggestion", exact=True).wait_for()
    keys(page, "2", "Enter")
    keys(page, "s")
    assert [content for content, _ in own.decisions(job)] == [{ELEMENT: HOUSE}, {ELEMENT: BOAT}]
    expect(page.get_by_text("You skipped this one before. Nothing else is left.")).to_be_visible()
    keys(page, "x")
    expect(page.get_by_role("heading", name="Nothing to review for now")).to_be_visible()


def test_boxes_begin_with_what_most_drew(show, own) -> None:
    house = {"label": "house", "left": 300, "top": 200, "width": 400, "height": 400}
    page, job = show(BOXES, [{"boundingBoxes": [house]}, {"boundingBoxes": [house]}, {"boundingBoxes": []}])
    expect(frame(page).get_by_role("button", name="house, box 1, suggested")).to_be_visible()
    keys(page, "Enter")
    (((content, _),),) = [own.decisions(job)]
    assert content["crowd-bounding-box"]["boundingBoxes"] == [house]


def test_on_a_phone_nothing_must_be_scrolled_sideways(show) -> None:
    page, _ = show(SINGLE, [BOAT, HOUSE, BOAT, HOUSE], **PHONE)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    expect(page.get_by_role("button", name="None fits")).to_be_in_viewport()
    expect(page.get_by_label("Comment")).to_be_in_viewport()
