"""The crowd elements in a headless Chromium, without a local cloud."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.the_frame import Site, serving

DESK = {"viewport": {"width": 1280, "height": 800}}
PHONE = {"viewport": {"width": 390, "height": 780}, "has_touch": True, "is_mobile": True, "device_scale_factor": 2}


@pytest.fixture(scope="session")
def site() -> Iterator[Site]:
    with serving() as running:
        yield running


@pytest.fixture
def show(browser: Browser, site: Site) -> Iterator[Callable[..., Page]]:
    """Shows a template in a new window; errors of its scripts fail the test, and so does what its policy refuses.
    Requests of the type `without` fail."""
    contexts = []
    errors: list[str] = []

    def open_page(template: str, phone: bool = False, without: str = "", **options: Any) -> Page:
        context = browser.new_context(**{**(PHONE if phone else DESK), **options})
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(5_000)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda said: errors.append(said.text) if "Security Policy" in said.text else None)
        if without:
            page.route(
                "**", lambda route: route.abort() if route.request.resource_type == without else route.continue_()
            )
        page.goto(site.add(template))
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert errors == []


@pytest.fixture(scope="session")
def picture(request: Any) -> Callable[[Page, str], None]:
    """Keeps a picture of the page where KEMPELEN_SCREENSHOTS says, if it does."""
    folder = os.environ.get("KEMPELEN_SCREENSHOTS")

    def take(page: Page, name: str) -> None:
        if folder:
            page.screenshot(path=Path(folder) / f"{name}.png")

    return take
