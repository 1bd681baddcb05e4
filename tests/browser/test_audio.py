"""kempelen-audio and crowd-text-area: listening and writing down."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.the_frame import SECONDS, answer, forwarded_keys, frame, overflows, submit, submit_button

pytestmark = pytest.mark.long


HOSTILE = '&lt;script&gt;"&lt;/script&gt; ' + "x" * 256 + " שלום 👩‍👩‍👧‍👦"


def template(source="/sound.wav", attributes='label="What is said?" required', player="kempelen-audio"):
    close = "controls" if player == "audio" else 'header="Listen, and write down what is said"'
    return f"""<{player} src="{source}" {close}></{player}>
      <crowd-text-area name="text" rows="3" {attributes}></crowd-text-area>"""


def opened(show, **options):
    """The page once the sound can be played."""
    made = options.pop("template", template())
    page = show(made, **options)
    page.wait_for_timeout(50)
    frame(page).locator("canvas").wait_for()
    expect(frame(page).locator(".time")).to_contain_text(f"/ 0:{SECONDS}")
    return page


def player(page, what):
    return frame(page).locator("audio").evaluate(f"audio => audio.{what}")


def area(page):
    return frame(page).get_by_role("textbox")


def test_a_text_that_is_required(show):
    page = opened(show)
    expect(submit_button(page)).to_be_disabled()
    area(page).fill("   ")
    expect(submit_button(page)).to_be_disabled()
    frame(page).get_by_label("What is said?").fill("Good\nmorning")
    assert submit(page) == {"text": "Good\nmorning"}


def test_ctrl_enter_submits_and_enter_is_a_new_line(show):
    page = opened(show)
    area(page).click()
    page.keyboard.type("us")
    page.keyboard.press("Enter")
    page.keyboard.type("su")
    page.keyboard.press("Control+Enter")
    assert answer(page) == {"text": "us\nsu"}
    assert [key for key in forwarded_keys(page) if key != "Enter"] == []


def test_a_text_that_is_not_required_may_be_empty_and_has_its_first_value(show):
    page = show(template(attributes='value="so far" char-counter max-length="8"', player="audio"))
    expect(frame(page).get_by_text("6 of 8")).to_be_visible()
    area(page).fill("")
    assert submit(page) == {"text": ""}
    assert frame(page).locator("audio").evaluate("audio => audio.controls")


def test_the_cursor_may_be_there_at_once(show):
    page = show(template(attributes="auto-focus", player="audio"))
    expect(area(page)).to_be_focused()


def test_space_plays_and_pauses_but_not_while_writing(show):
    page = opened(show)
    page.keyboard.press("Space")
    expect(frame(page).get_by_role("button", name="Pause")).to_be_visible()
    assert not player(page, "paused")
    page.keyboard.press("Space")
    expect(frame(page).get_by_role("button", name="Play")).to_be_visible()
    assert player(page, "paused")
    area(page).click()
    page.keyboard.type("a b < >")
    assert player(page, "paused")
    assert player(page, "playbackRate") == 1
    assert submit(page) == {"text": "a b < >"}


def test_space_after_a_click_on_a_button_plays_and_does_not_press_it_again(show):
    page = opened(show)
    frame(page).get_by_role("button", name="1.5×").click()
    page.keyboard.press("Space")
    expect(frame(page).get_by_role("button", name="Pause")).to_be_visible()


@pytest.mark.parametrize("speed", ["0.5", "0.75", "1", "1.25", "1.5", "2"])
def test_the_speed_by_button(show, speed):
    page = opened(show)
    frame(page).get_by_role("button", name=f"{speed}×", exact=True).click()
    assert player(page, "playbackRate") == float(speed)
    expect(frame(page).get_by_role("button", name=f"{speed}×", exact=True)).to_have_attribute("aria-pressed", "true")


def test_the_speed_by_keys_has_ends(show):
    page = opened(show)
    for _ in range(5):
        page.keyboard.press(">")
    assert player(page, "playbackRate") == 2
    for _ in range(9):
        page.keyboard.press("<")
    assert player(page, "playbackRate") == 0.5


def test_b_goes_back_three_seconds(show):
    page = opened(show)
    frame(page).locator("audio").evaluate("audio => { audio.currentTime = 8; }")
    page.keyboard.press("b")
    assert player(page, "currentTime") == pytest.approx(5, abs=0.1)
    frame(page).get_by_role("button", name="Back 3 s").click()
    page.keyboard.press("b")
    assert player(page, "currentTime") == 0


def inked(page):
    """How much of the drawing stands out from its background."""
    return (
        frame(page)
        .locator("canvas")
        .evaluate(
            """canvas => canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data
        .filter((value, index) => index % 4 === 3 && value > 0).length"""
        )
    )


@pytest.mark.parametrize("phone", [False, True])
def test_the_waveform_seeks(show, phone):
    page = opened(show, phone=phone)
    place = frame(page).locator("canvas").bounding_box()
    x, y = place["x"] + place["width"] * 0.75, place["y"] + 20
    if phone:
        page.touchscreen.tap(x, y)
    else:
        page.mouse.click(x, y)
    assert player(page, "currentTime") == pytest.approx(0.75 * SECONDS, abs=0.2)
    frame(page).get_by_role("slider", name="Position").focus()
    page.keyboard.press("ArrowLeft")
    assert player(page, "currentTime") == pytest.approx(0.75 * SECONDS - 1, abs=0.2)


def test_the_waveform_is_drawn_when_the_sound_can_be_fetched(show):
    with_waveform = opened(show)
    with_waveform.wait_for_timeout(500)
    page = opened(show, without="fetch")
    page.wait_for_timeout(300)
    assert inked(with_waveform) > 2 * inked(page)
    place = frame(page).locator("canvas").bounding_box()
    page.mouse.click(place["x"] + place["width"] / 2, place["y"] + 20)
    assert player(page, "currentTime") == pytest.approx(SECONDS / 2, abs=0.2)


def test_a_recording_that_cannot_be_played_says_so(show):
    page = show(template("/broken.wav"))
    expect(frame(page).get_by_role("alert")).to_have_text("The recording could not be loaded. Skip this task, please.")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("phone", [False, True])
def test_it_fits(show, picture, phone, scheme):
    page = opened(show, phone=phone, color_scheme=scheme)
    page.mouse.move(5, 5)
    frame(page).locator("audio").evaluate("audio => { audio.currentTime = 4; }")
    area(page).fill("Good morning.")
    page.wait_for_timeout(400)
    assert not overflows(page)
    picture(page, f"audio-{'phone' if phone else 'desk'}-{scheme}")


def test_a_hostile_label_is_text(show):
    page = show(template(attributes=f"label='{HOSTILE}'", player="audio"), phone=True)
    expect(frame(page).get_by_text("<script>", exact=False)).to_be_visible()
    assert not overflows(page)
