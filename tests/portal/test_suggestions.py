"""A suggestion in our own portal: one key accepts it, any other answer is as ever, and undo shows it again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import DESK, PHONE
from tests.browser.the_frame import HEIGHT, WIDTH, overflows
from tests.portal.own_portal import OwnPortal
from tests.portal.test_task_types import BOXES, MULTI, SINGLE, frame, keys

pytestmark = pytest.mark.long

ELEMENT = "crowd-image-classifier"


@pytest.fixture
def show(browser: Browser, own: OwnPortal) -> Iterator[Callable[..., tuple[Page, str]]]:
    """The first task of a job whose objects have these suggestions, in order."""
    contexts = []

    def open_page(task: dict[str, Any], *suggestions: Any, **options: Any) -> tuple[Page, str]:
        objects = [("picture.png", {} if one is None else {"suggestion": one}) for one in suggestions]
        job = own.start(objects, **task)
        context = browser.new_context(**{**DESK, **options})
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.goto(f"{own.address}/jobs")
        page.locator("article", has_text=job.replace("-", " ")).get_by_role("button", name="Start working").click()
        frame(page).get_by_role("button", name="Zoom in" if task is BOXES else "View").or_(
            frame(page).get_by_text("house").first
        ).first.wait_for()
        return page, job

    yield open_page
    for context in contexts:
        context.close()


def button(page: Page, name: str) -> Any:
    return frame(page).get_by_role("button", name=name, exact=True)


def test_enter_accepts_a_number_key_chooses_otherwise_and_without_one_nothing_is_chosen(show, own) -> None:
    page, job = show(SINGLE, "boat", "boat", None)
    expect(button(page, "Accept suggestion")).to_be_enabled()
    expect(frame(page).locator(".choice.suggested")).to_contain_text("boat")
    keys(page, "Enter")
    page.keyboard.press("1")
    expect(button(page, "Submit")).to_be_enabled()
    keys(page, "Enter")
    expect(button(page, "Submit")).to_be_disabled()
    expect(frame(page).get_by_text("suggested")).to_have_count(0)
    keys(page, "1", "Enter")
    assert own.answers(job) == [{ELEMENT: {"label": label}} for label in ("boat", "house", "house")]


def test_undo_shows_the_task_as_it_was(show, own) -> None:
    page, job = show(SINGLE, "boat", None)
    keys(page, "1", "Enter")
    keys(page, "u")
    expect(page.get_by_text("Your answer was “house”")).to_be_visible()
    expect(frame(page).locator(".choice.suggested")).to_contain_text("boat")
    keys(page, "Enter")
    assert own.answers(job) == [{ELEMENT: {"label": "boat"}}]


def test_several_labels_are_checked_already_and_can_be_taken_back(show, own) -> None:
    page, job = show(MULTI, ["grass", "house"], ["sun"], None)
    keys(page, "Enter")
    page.keyboard.press("2")
    page.keyboard.press("1")
    expect(button(page, "Submit")).to_be_enabled()
    keys(page, "Enter")
    element = "crowd-image-classifier-multi-select"
    assert own.answers(job) == [{element: {"labels": ["house", "grass"]}}, {element: {"labels": ["house"]}}]


def test_boxes_are_drawn_already_at_their_place_in_an_image_of_another_size(show, own) -> None:
    half = {"label": "house", "left": 150, "top": 100, "width": 200, "height": 200}
    page, job = show(BOXES, {"boundingBoxes": [half], "inputImageProperties": {"width": 600, "height": 400}})
    expect(frame(page).get_by_role("button", name="house, box 1, suggested")).to_be_visible()
    keys(page, "Enter")
    ((answer,),) = [list(one.values()) for one in own.answers(job)]
    assert answer["boundingBoxes"] == [{"label": "house", "left": 300, "top": 200, "width": 400, "height": 400}]
    assert answer["inputImageProperties"] == {"width": WIDTH, "height": HEIGHT}


def test_a_box_that_was_mended_is_no_suggestion_any_more(show, own) -> None:
    box = {"label": "house", "left": 300, "top": 200, "width": 400, "height": 400}
    page, job = show(BOXES, {"boundingBoxes": [box]})
    frame(page).get_by_role("button", name="house, box 1, suggested").focus()
    page.keyboard.press("ArrowRight")
    expect(button(page, "Submit")).to_be_enabled()
    expect(frame(page).locator(".box.suggested")).to_have_count(0)
    button(page, "Submit").click()
    page.get_by_text("ended").first.wait_for()
    assert own.answers(job)[0]["crowd-bounding-box"]["boundingBoxes"][0]["left"] == 301


def test_on_a_phone_it_fits_and_one_press_accepts(show, own) -> None:
    page, job = show(SINGLE, "boat", **PHONE)
    expect(frame(page).get_by_text("suggested", exact=True)).to_be_visible()
    assert not overflows(page)
    button(page, "Accept suggestion").click()
    page.get_by_text("ended").first.wait_for()
    assert own.answers(job) == [{ELEMENT: {"label": "boat"}}]
