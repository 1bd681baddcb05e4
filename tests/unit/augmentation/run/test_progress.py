"""Progress: rate and time left, often on a terminal, seldom in a log, never when nobody asked."""

from __future__ import annotations

import io

import pytest

from augmentation.run.progress import Progress


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def watched(stream: io.StringIO, *, total: int = 1000, seconds: float = 100.0, enabled: bool = True) -> list[str]:
    """What is written while a run of `total` sources takes `seconds`."""
    clock = Clock()
    progress = Progress(total, enabled=enabled, stream=stream, clock=clock)
    for done in range(1, total + 1):
        clock.now = seconds * done / total
        progress.update(done, 3 * done)
    progress.close()
    return stream.getvalue().replace("\r\x1b[K", "\n").strip("\n").split("\n")


def test_a_terminal_shows_a_bar_the_rate_and_the_time_left() -> None:
    lines = watched(Terminal())
    assert 300 < len(lines) < 600
    half = next(line for line in lines if "(50 %)" in line)
    assert half.startswith("████████████░░░░░░░░░░░░ 50")
    assert half.endswith((" files, 10 images/s, 50.0 s left", " files, 10 images/s, 49.9 s left"))
    assert lines[-1].endswith("1,000 of 1,000 images (100 %), 3,000 files, 10 images/s, 0.0 s left")


def test_a_log_gets_a_line_a_minute_and_the_last_one_without_control_characters() -> None:
    stream = io.StringIO()
    lines = watched(stream, seconds=3600.0)
    assert len(lines) == pytest.approx(60, abs=3)
    assert lines[0].startswith("17 of 1,000 images (1 %), 51 files, 0.3 images/s, ")
    assert lines[0].endswith(" s left")
    assert " min " in lines[0]
    assert "\r" not in stream.getvalue()
    assert "\x1b" not in stream.getvalue()
    assert lines[-1].startswith("1,000 of 1,000")


def test_a_short_run_leaves_a_log_alone() -> None:
    assert watched(io.StringIO(), seconds=20.0) == [""]


@pytest.mark.parametrize("stream", [io.StringIO(), Terminal()])
def test_nothing_is_written_unasked_or_without_files(stream: io.StringIO) -> None:
    assert watched(stream, enabled=False) == [""]
    Progress(0, enabled=True, stream=stream).update(0, 0)
    assert stream.getvalue() == ""


def test_before_the_first_image_the_time_left_is_unknown() -> None:
    clock, stream = Clock(), io.StringIO()
    progress = Progress(5, enabled=True, stream=stream, clock=clock)
    clock.now = 90
    progress.update(0, 0)
    assert stream.getvalue().endswith("unknown time left\n")
