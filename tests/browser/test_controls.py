"""crowd-radio-group, crowd-radio-button and crowd-checkbox."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.the_frame import answer, frame, overflows, submit, submit_button

pytestmark = pytest.mark.long


RADIOS = """<crowd-radio-group>
  <crowd-radio-button name="good" value="yes">Good</crowd-radio-button>
  <crowd-radio-button name="bad" value="yes">Bad &lt;b&gt;</crowd-radio-button></crowd-radio-group>"""
CHECKS = """<crowd-checkbox name="faults" value="blurry">Blurry</crowd-checkbox>
  <crowd-checkbox name="faults" value="dark" checked>Dark</crowd-checkbox>
  <crowd-checkbox name="sure">I am sure</crowd-checkbox>"""


def test_one_radio_button_by_mouse(show):
    page = show(RADIOS)
    expect(submit_button(page)).to_be_disabled()
    frame(page).get_by_text("Good").click()
    frame(page).get_by_text("Bad <b>").click()
    assert submit(page) == {"good": {"yes": False}, "bad": {"yes": True}}


def test_one_radio_button_by_keyboard(show):
    page = show(RADIOS)
    page.keyboard.press("2")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert answer(page) == {"good": {"yes": True}, "bad": {"yes": False}}


def test_checkboxes_of_one_name_are_one_object(show):
    page = show(CHECKS, phone=True)
    frame(page).get_by_text("Blurry").tap()
    assert submit(page) == {"faults": {"blurry": True, "dark": True}, "sure": {"on": False}}


def test_a_required_checkbox_must_be_checked(show):
    page = show('<crowd-checkbox name="sure" required>I am sure</crowd-checkbox>')
    expect(submit_button(page)).to_be_disabled()
    frame(page).get_by_role("checkbox", name="I am sure").check()
    assert submit(page) == {"sure": {"on": True}}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("phone", [False, True])
def test_it_fits(show, picture, phone, scheme):
    page = show(RADIOS + CHECKS, phone=phone, color_scheme=scheme)
    page.keyboard.press("1")
    assert not overflows(page)
    picture(page, f"controls-{'phone' if phone else 'desk'}-{scheme}")
