"""Every task type in our own portal, as a person sees and answers it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, FrameLocator, Page, expect

from tests.browser.conftest import DESK, PHONE
from tests.browser.the_frame import SECONDS, overflows
from tests.portal.own_portal import OwnPortal

pytestmark = pytest.mark.long

HOSTILE = (
    "</script><img src=x onerror=alert(1)> {{ task }} {% raw %} \"quoted\" 'n' &lt;b&gt; "
    "https://assets.crowd.aws/crowd-html-elements.js שלום 👩‍👩‍👧‍👦"
)
SAID = "Good morning, everybody."
RECORD = {"invoice": "2024-117", "total": 119.5, "paid": False, "note": None}
LONG = " ".join(["The delivery came two days late, but the people on the telephone were kind and helped at once."] * 3)

TEXT = {"type": "text-single-label", "labels": ("praise", "blame"), "question": "What is the letter about?"}
TRANSCRIPT = {"type": "audio-transcript", "question": "Is this what is said?"}
REVIEW = {"type": "record-review", "question": "Is the invoice read rightly?"}
VERIFY = {"type": "image-label-verification", "labels": ("house", "boat"), "question": "Does the label fit?"}
SINGLE = {"type": "image-single-label", "labels": ("house", "boat"), "question": "What is it?"}
MULTI = {"type": "image-multi-label", "labels": ("house", "sun", "grass"), "question": "What can be seen?"}
BOXES = {"type": "image-bounding-box", "labels": ("house", "sun"), "question": "Draw a box around each thing."}
ALL: dict[str, tuple[dict[str, Any], tuple[str, dict[str, Any]]]] = {
    "single": (SINGLE, ("picture.png", {})),
    "multi": (MULTI, ("picture.png", {})),
    "boxes": (BOXES, ("picture.png", {})),
    "text": (TEXT, ("1.txt", {"source": LONG})),
    "transcript": (TRANSCRIPT, ("sound.wav", {"transcript": SAID})),
    "record": (REVIEW, ("1.json", {"record": RECORD})),
    "verify": (VERIFY, ("picture.png", {"label": "house"})),
}


@pytest.fixture
def show(browser: Browser, own: OwnPortal) -> Iterator[Callable[..., tuple[Page, str]]]:
    """The first task of a new job in a new window, and the job's name. Errors of scripts fail the test, and so does
    what a policy refuses."""
    contexts, errors = [], []

    def open_page(
        which: str, known: dict[str, Any] | None = None, *, count: int = 1, phone: bool = False, **options: Any
    ) -> tuple[Page, str]:
        task, (file, usual) = ALL[which]
        job = own.start([(file, known or usual)] * count, **task)
        context = browser.new_context(**{**(PHONE if phone else DESK), **options})
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
        own.begin(page, job)
        return page, job

    yield open_page
    for context in contexts:
        context.close()
    assert errors == []


def frame(page: Page) -> FrameLocator:
    return page.frame_locator("#interface")


def submit(page: Page, *, touch: bool = False) -> None:
    button = frame(page).get_by_role("button", name="Submit", exact=True)
    expect(button).to_be_enabled()
    before = page.url
    if touch:
        button.tap()
    else:
        button.click()
    page.wait_for_url(lambda url: url != before)


def keys(page: Page, *pressed: str) -> None:
    before = page.url
    for key in pressed:
        page.keyboard.press(key)
    page.wait_for_url(lambda url: url != before)


def test_a_text_by_mouse_keyboard_and_touch(show, own) -> None:
    page, job = show("text", count=2)
    expect(frame(page).get_by_text(LONG)).to_be_visible()
    frame(page).get_by_text("blame").click()
    submit(page)
    keys(page, "1", "Enter")
    assert own.answers(job) == [{"crowd-classifier": {"label": "blame"}}, {"crowd-classifier": {"label": "praise"}}]
    page, job = show("text", phone=True)
    frame(page).get_by_text("praise").tap()
    submit(page, touch=True)
    assert own.answers(job) == [{"crowd-classifier": {"label": "praise"}}]


def test_a_transcript_by_mouse_keyboard_and_touch(show, own) -> None:
    page, job = show("transcript", count=2)
    frame(page).get_by_text("The text is right").click()
    submit(page)
    page.keyboard.press("2")
    page.keyboard.press("Control+a")
    page.keyboard.type("Good evening.")
    keys(page, "Control+Enter")
    accepted = {"kempelen-transcript": {"verdict": "accept", "transcript": SAID}}
    corrected = {"kempelen-transcript": {"verdict": "correct", "transcript": "Good evening."}}
    assert own.answers(job) == [accepted, corrected]
    page, job = show("transcript", phone=True)
    frame(page).get_by_text("Correct the text").tap()
    expect(frame(page).get_by_role("textbox", name="What is said")).to_be_in_viewport(ratio=1)
    frame(page).get_by_text("Nothing is said", exact=True).tap()
    submit(page, touch=True)
    assert own.answers(job) == [{"kempelen-transcript": {"verdict": "correct", "transcript": ""}}]


def test_a_clip_plays_and_its_waveform_is_drawn(show) -> None:
    page, _ = show("transcript")
    expect(frame(page).locator(".time")).to_contain_text(f"/ 0:{SECONDS}")
    page.keyboard.press("Space")
    audio = frame(page).locator("audio")
    expect(frame(page).get_by_role("button", name="Pause")).to_be_visible()
    for _ in range(100):
        if audio.evaluate("audio => audio.currentTime") > 0.3:
            break
        page.wait_for_timeout(50)
    else:
        pytest.fail("the clip does not go on")
    # The bars, each of a loudness of its own; without the sound there is one flat line.
    heights = """canvas => {
      const { width, height } = canvas;
      const { data } = canvas.getContext("2d").getImageData(0, 0, width, height);
      const column = (x) => Array.from({ length: height }, (_, y) => data[(y * width + x) * 4 + 3]);
      return new Set(Array.from({ length: width }, (_, x) => column(x).filter(Boolean).length)).size;
    }"""
    for _ in range(100):
        if frame(page).locator("canvas").evaluate(heights) > 10:
            return
        page.wait_for_timeout(50)
    pytest.fail("there is no waveform")


def test_a_record_by_mouse_keyboard_and_touch(show, own) -> None:
    right = {name: {"verdict": "accept", "value": value} for name, value in RECORD.items()}
    page, job = show("record", count=2)
    frame(page).get_by_role("button", name="Accept all that is left").click()
    frame(page).get_by_role("radiogroup", name="paid").get_by_text("Correct").click()
    frame(page).get_by_role("textbox", name="Right value of paid").fill("yes")
    expect(frame(page).get_by_role("alert")).to_contain_text("Write true or false")
    frame(page).get_by_role("textbox", name="Right value of paid").fill("True")
    submit(page)
    page.keyboard.press("3")
    keys(page, "a", "Enter")
    paid = {"kempelen-record": {"fields": {**right, "paid": {"verdict": "correct", "value": True}}}}
    rejected = {"kempelen-record": {"fields": {**right, "invoice": {"verdict": "reject", "value": None}}}}
    assert own.answers(job) == [paid, rejected]
    page, job = show("record", phone=True)
    frame(page).get_by_role("button", name="Accept all that is left").tap()
    submit(page, touch=True)
    assert own.answers(job) == [{"kempelen-record": {"fields": right}}]


def test_a_label_by_mouse_keyboard_and_touch(show, own) -> None:
    page, job = show("verify", count=2)
    expect(frame(page).get_by_role("heading", name="Does the label fit? “house”")).to_be_visible()
    frame(page).get_by_alt_text("The image to label").evaluate("image => image.decode()")
    frame(page).get_by_text("right", exact=True).click()
    submit(page)
    keys(page, "2", "Enter")
    right, wrong = ({"crowd-image-classifier": {"label": verdict}} for verdict in ("right", "wrong"))
    assert own.answers(job) == [right, wrong]
    page, job = show("verify", phone=True)
    frame(page).get_by_text("wrong", exact=True).tap()
    submit(page, touch=True)
    assert own.answers(job) == [wrong]


@pytest.mark.parametrize(
    ("which", "known", "shown"),
    [
        ("text", {"source": HOSTILE}, [HOSTILE]),
        ("transcript", {"transcript": HOSTILE}, [HOSTILE]),
        ("record", {"record": {HOSTILE: HOSTILE + "!", "__proto__": "kept"}}, [HOSTILE, HOSTILE + "!", "kept"]),
        ("verify", {"label": HOSTILE}, [f"Does the label fit? “{HOSTILE}”"]),
    ],
)
def test_what_data_say_is_text_and_nothing_else(show, which: str, known: dict[str, Any], shown: list[str]) -> None:
    page, _ = show(which, known, phone=True)
    for text in shown:
        expect(frame(page).get_by_text(text, exact=True).first).to_be_visible()
    assert page.frames[1].evaluate("document.scripts.length") == 1
    assert page.frames[1].evaluate("document.querySelectorAll('img[src=x]').length") == 0
    assert not overflows(page)


@pytest.mark.parametrize(
    ("which", "pressed", "said"),
    [
        ("text", ["2", "Enter"], "blame"),
        ("transcript", ["1", "Enter"], "accepted"),
        ("record", ["3", "a", "Enter"], "invoice rejected"),
        ("verify", ["2", "Enter"], "wrong"),
    ],
)
def test_the_last_answer_is_said_again_when_it_is_taken_back(show, which: str, pressed: list[str], said: str) -> None:
    page, _ = show(which, count=2)
    keys(page, *pressed)
    frame(page).get_by_role("button", name="Submit", exact=True).wait_for()
    keys(page, "u")
    expect(page.get_by_text(f"Your answer was “{said}”.")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("phone", [False, True], ids=["desk", "phone"])
@pytest.mark.parametrize("which", ALL)
def test_it_fits(show, screenshots, which: str, phone: bool, scheme: str) -> None:
    size = {"viewport": {"width": 390, "height": 844} if phone else {"width": 1280, "height": 800}}
    page, _ = show(which, phone=phone, color_scheme=scheme, **size)
    page.wait_for_timeout(800)
    screenshots(page, f"{which}-{'phone' if phone else 'desk'}-{scheme}-1")
    if which not in ("boxes",):
        page.keyboard.press("2")
        page.wait_for_timeout(200)
        screenshots(page, f"{which}-{'phone' if phone else 'desk'}-{scheme}-2")
    assert not overflows(page)
