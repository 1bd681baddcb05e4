"""What tests of several folders need: one browser for all that a process runs, since Playwright allows no second."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--autoplay-policy=no-user-gesture-required",
)
WITHOUT_BROWSER = f"no browser: none of {', '.join(BROWSERS)} is on the PATH"
_PATH = next(filter(None, map(shutil.which, BROWSERS)), None)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A headless Chromium or Chrome; without one the test is skipped, loudly: see `pytest_terminal_summary`."""
    if _PATH is None:
        pytest.skip(WITHOUT_BROWSER)
    expect.set_options(timeout=20_000)
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=_PATH, args=list(ARGUMENTS))
        yield launched
        launched.close()


def pytest_terminal_summary(terminalreporter: Any) -> None:
    left_out = [
        report for report in terminalreporter.stats.get("skipped", []) if WITHOUT_BROWSER in str(report.longrepr)
    ]
    if left_out:
        terminalreporter.section("LEFT OUT: pages were not tested in a browser", sep="!", red=True, bold=True)
        terminalreporter.write_line(f"{WITHOUT_BROWSER}. Install chromium and run again. Left out:")
        for report in left_out:
            terminalreporter.write_line(f"  {report.nodeid}")
