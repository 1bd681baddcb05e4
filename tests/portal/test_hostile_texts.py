"""Hostile texts in a browser: the elements build themselves from attributes, so what they make of a text is looked at
where it is made."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import DESK
from tests.portal.own_portal import OwnPortal

TEXT = '"><img src=x onerror=alert(1)></script><script>alert(2)</script>{{ 7 * 191 }}<b class=pwned>'
JOBS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "image-single-label": ({"labels": [TEXT, "no"], "label_descriptions": {TEXT: TEXT}}, {}),
    "image-multi-label": ({"labels": [TEXT, "no"]}, {}),
    "image-bounding-box": ({"labels": [TEXT]}, {}),
    "image-label-verification": ({"labels": [TEXT, "no"]}, {"label": TEXT}),
    "text-single-label": ({"labels": [TEXT, "no"]}, {"source": TEXT}),
    "audio-transcript": ({}, {"transcript": TEXT}),
    "record-review": ({}, {"record": {TEXT: TEXT}}),
}


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(**DESK)
    opened = context.new_page()
    opened.set_default_timeout(20_000)
    yield opened
    context.close()


@pytest.mark.parametrize("kind", JOBS)
def test_a_hostile_text_is_shown_as_text_and_runs_nothing(page: Page, own: OwnPortal, kind: str) -> None:
    task, given = JOBS[kind]
    said: list[str] = []
    page.on("dialog", lambda dialog: (said.append(dialog.message), dialog.dismiss()))
    page.on("console", lambda line: said.append(line.text) if "Content Security Policy" in line.text else None)
    file = "clip.wav" if kind == "audio-transcript" else "picture.png"
    job = own.start([(file, given)], type=kind, question=TEXT, instructions=TEXT, full_instructions=TEXT, **task)
    own.begin(page, job)
    frame = page.frame_locator("#interface")
    expect(frame.get_by_text("<script>alert(2)</script>").first).to_be_attached()
    for forged in ("img[src=x]", "img[onerror]", ".pwned", "script:not([src])"):
        expect(frame.locator(forged)).to_have_count(0)
        expect(page.locator(forged)).to_have_count(0)
    expect(frame.get_by_text("1337")).to_have_count(0)
    assert said == []
