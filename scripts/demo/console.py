"""What a person sees while the demo runs: one line a station, with its time."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.text import Text

TITLE_WIDTH = 34


class Station:
    """One step of the demo, while it runs."""

    def __init__(self, title: str) -> None:
        self.title = title
        self.detail = ""
        self.began = time.monotonic()
        self.seconds = 0.0

    def say(self, detail: str) -> None:
        """Show a new detail beside the title; the last one stays."""
        self.detail = detail

    def __rich__(self) -> Text:
        """The line of a running station; drawn anew at every refresh."""
        return Text.assemble(
            (f"{self.title:<{TITLE_WIDTH}}", "bold"), f"{time.monotonic() - self.began:6.1f} s  ", (self.detail, "dim")
        )


class Stations:
    """Runs stations one after the other and keeps their times."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self.seconds: dict[str, float] = {}

    @contextmanager
    def station(self, title: str, key: str = "") -> Iterator[Station]:
        """Show a spinner while the block runs, and one line when it ended; `key` keeps the time in `seconds`."""
        station = Station(title)
        try:
            with self.console.status(station, spinner="dots"):
                yield station
        except BaseException:
            self._line("✗", "red", station)
            raise
        self._line("✓", "green", station)
        if key:
            self.seconds[key] = round(station.seconds, 2)

    def _line(self, mark: str, color: str, station: Station) -> None:
        station.seconds = time.monotonic() - station.began
        self.console.print(
            Text.assemble(
                (f"{mark} ", color),
                (f"{station.title:<{TITLE_WIDTH}}", "bold"),
                f"{station.seconds:6.1f} s  ",
                (station.detail, "dim"),
            ),
            highlight=False,
            soft_wrap=True,
        )
