"""What tests of several folders need: one browser for all that a process runs, since Playwright allows no second; and
which files several processes begin with, and which one process runs together."""

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
FIRST = (
    "tests/e2e/test_runs_",
    "tests/localcloud/test_stage_stacks.py",
    "tests/infra/",
    "tests/e2e/",
    "tests/localcloud/",
    "tests/portal/",
    "tests/browser/",
)
"""What takes minutes comes first: at the end it would keep one process busy while the others have nothing to do."""
TOGETHER = ("tests/e2e/test_runs_", "tests/infra/")
"""Files that use the same deployment, or the same templates, which each process would make for itself."""
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


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: next((at for at, room in enumerate(FIRST) if item.nodeid.startswith(room)), len(FIRST)))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """A process gets a whole file, as with `--dist loadfile`, or all of `TOGETHER`, in the order of `FIRST`."""
    from xdist.scheduler import LoadFileScheduling  # not there with `-p no:xdist`

    class Rooms(LoadFileScheduling):  # type: ignore[misc]
        def _split_scope(self, nodeid: str) -> str:
            return next((room for room in TOGETHER if nodeid.startswith(room)), super()._split_scope(nodeid))

    if config.getoption("dist") != "loadfile":
        return None
    config.option.loadscopereorder = False
    return Rooms(config, log)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    left_out = [
        report for report in terminalreporter.stats.get("skipped", []) if WITHOUT_BROWSER in str(report.longrepr)
    ]
    if left_out:
        terminalreporter.section("LEFT OUT: pages were not tested in a browser", sep="!", red=True, bold=True)
        terminalreporter.write_line(f"{WITHOUT_BROWSER}. Install chromium and run again. Left out:")
        for report in left_out:
            terminalreporter.write_line(f"  {report.nodeid}")
