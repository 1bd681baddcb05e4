"""The shared frame of instructions in the portal's elements: full ones, examples, and what labels mean."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from domain.labeling.instructions import instructions
from domain.workflow.inputs import LabelingTask
from tests.browser.the_frame import attribute, frame, overflows, submit

pytestmark = pytest.mark.long

LABELS = ["house", "sun", "car"]
SAID = {"house": "With a roof, however small it is", "car": "Anything with four wheels and a motor, also a toy"}
LONG = "Look at the whole picture first.\n\n" + "What can be seen only in part counts if you are sure of it. " * 40
PICTURES = [
    {
        "image": f"s3://data/instructions/frozen/{number}.png",
        "good": number % 2 == 0,
        "caption": f"Picture {number}: why",
    }
    for number in range(4)
]


def template(labels: list[str] = LABELS, **fields: Any) -> str:
    task = LabelingTask(type="image-single-label", question="What is it?", labels=tuple(labels), **fields)
    frame_of = re.sub(r"\{\{ '[^']+' \| grant_read_access \}\}", "/picture.png", instructions(task))
    return f"""<crowd-image-classifier name="answer" src="/picture.png" header="What is it?"
      categories="{attribute(labels)}">{frame_of}</crowd-image-classifier>"""


def full() -> str:
    return template(instructions="Choose one.", full_instructions=LONG, examples=PICTURES, label_descriptions=SAID)


def test_what_a_label_means_stands_beside_it_and_is_no_part_of_the_answer(show: Any) -> None:
    page = show(template(label_descriptions=SAID))
    expect(frame(page).locator(".choice small")).to_have_text([SAID["house"], SAID["car"]])
    frame(page).locator(".choice small", has_text=SAID["car"]).click()
    assert submit(page) == {"answer": {"label": "car"}}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("phone", [False, True], ids=["desk", "phone"])
def test_full_instructions_show_the_examples(show: Any, picture: Any, phone: bool, scheme: str) -> None:
    page: Page = show(full(), phone=phone, color_scheme=scheme)
    where = f"instructions-{'phone' if phone else 'desk'}-{scheme}"
    expect(frame(page).locator("aside.instructions p")).to_have_text("Choose one.")
    picture(page, where)
    assert not overflows(page)
    frame(page).get_by_role("button", name="View full instructions").click()
    dialog = frame(page).get_by_role("dialog")
    expect(dialog.get_by_role("heading", name=re.compile("(Good|Bad) examples"))).to_have_count(2)
    expect(dialog.get_by_role("img")).to_have_count(4)
    for number in range(4):
        dialog.get_by_role("img").nth(number).scroll_into_view_if_needed()
        expect(dialog.get_by_role("img", name=f"Picture {number}: why")).to_have_js_property("complete", True)
    picture(page, f"{where}-full")
    wide = dialog.evaluate("element => element.scrollWidth > element.clientWidth")
    assert not wide
    dialog.get_by_role("button", name="Close").click()
    expect(dialog).to_be_hidden()


def test_labels_beyond_nine_have_no_key_and_are_chosen_by_pointer(show: Any, picture: Any) -> None:
    labels = [f"kind {number}" for number in range(1, 13)]
    page = show(template(labels, label_descriptions={"kind 12": "The last of them"}))
    expect(frame(page).locator("kbd")).to_have_count(9)
    picture(page, "twelve-labels")
    frame(page).locator(".choice", has_text="kind 12").click()
    assert submit(page) == {"answer": {"label": "kind 12"}}
