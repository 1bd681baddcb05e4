"""kempelen-transcript: accepted, corrected, or nothing said."""

from __future__ import annotations

import html

import pytest
from playwright.sync_api import expect

from tests.browser.the_frame import answer, frame, overflows, submit, submit_button

pytestmark = pytest.mark.long


SAID = "Good morning, everybody."
HOSTILE = "<script>alert('x')</script> \"quoted\" " + "x" * 256 + " 👩‍👩‍👧‍👦 שלום"


def template(text=SAID):
    return f"""<kempelen-audio src="/sound.wav"></kempelen-audio>
      <kempelen-transcript name="verified" header="Is this what is said?" transcript="{html.escape(text)}">
      </kempelen-transcript>"""


def accepted(text=SAID):
    return {"verified": {"verdict": "accept", "transcript": text}}


def corrected(text):
    return {"verified": {"verdict": "correct", "transcript": text}}


def field(page):
    return frame(page).get_by_role("textbox", name="What is said")


def test_accepted_by_key(show):
    page = show(template())
    expect(submit_button(page)).to_be_disabled()
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    assert answer(page) == accepted()


def test_accepted_by_mouse_and_by_touch(show):
    page = show(template())
    frame(page).get_by_text("The text is right").click()
    assert submit(page) == accepted()
    page = show(template(), phone=True)
    frame(page).get_by_text("The text is right").tap()
    submit_button(page).tap()
    assert answer(page) == accepted()


def test_corrected_by_keyboard(show):
    page = show(template())
    page.keyboard.press("2")
    expect(field(page)).to_be_focused()
    expect(field(page)).to_have_value(SAID)
    page.keyboard.press("Control+a")
    page.keyboard.type("Good 1 2 3 evening. ")
    page.keyboard.press("Control+Enter")
    assert answer(page) == corrected("Good 1 2 3 evening.")


def test_a_correction_that_changes_nothing_is_an_acceptance(show):
    page = show(template())
    page.keyboard.press("2")
    field(page).fill(f" {SAID}\n")
    assert submit(page) == accepted()


def test_an_empty_correction_is_refused_with_a_word(show):
    page = show(template())
    page.keyboard.press("2")
    field(page).fill("  ")
    expect(frame(page).get_by_role("alert")).to_contain_text("The text is empty")
    expect(submit_button(page)).to_be_disabled()
    page.keyboard.press("Escape")
    page.keyboard.press("3")
    expect(frame(page).get_by_role("alert")).to_be_hidden()
    assert submit(page) == corrected("")


def test_an_empty_text_can_be_right(show):
    page = show(template(""))
    page.keyboard.press("3")
    assert submit(page) == accepted("")


def test_space_plays_before_and_after_the_choice(show):
    page = show(template())
    expect(frame(page).locator(".time")).to_contain_text("0:12")
    page.keyboard.press("1")
    page.keyboard.press("Space")
    expect(frame(page).get_by_role("button", name="Pause")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("phone", [False, True])
def test_it_fits(show, picture, phone, scheme):
    page = show(template(), phone=phone, color_scheme=scheme)
    page.keyboard.press("2")
    page.wait_for_timeout(300)
    assert not overflows(page)
    picture(page, f"transcript-{'phone' if phone else 'desk'}-{scheme}")


def test_a_hostile_text_is_text(show):
    page = show(template(HOSTILE), phone=True)
    expect(frame(page).get_by_text(HOSTILE)).to_be_visible()
    assert not overflows(page)
    page.keyboard.press("1")
    assert submit(page) == accepted(HOSTILE)
