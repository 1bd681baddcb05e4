"""How far a run is, its rate and the time left: one line that renews itself on a terminal, a line a minute in a log."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import TextIO

from domain.report.usage import duration

TERMINAL_SECONDS = 0.2  # between two updates
LOG_SECONDS = 60.0
BAR = 24  # characters


class Progress:
    """Counts sources and outputs of `total` sources; silent unless `enabled`."""

    def __init__(
        self,
        total: int,
        *,
        enabled: bool,
        noun: str = "image",
        stream: TextIO | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._total = total
        self._noun = f"{noun}s"
        self._enabled = enabled and total > 0
        self._stream = stream or sys.stderr
        self._terminal = self._stream.isatty()
        self._clock = clock
        self._began = self._shown = clock()
        self._wrote = False

    def update(self, sources: int, outputs: int) -> None:
        if not self._enabled:
            return
        now = self._clock()
        soon = now - self._shown < (TERMINAL_SECONDS if self._terminal else LOG_SECONDS)
        last = self._wrote and sources == self._total
        if soon and not last:
            return
        self._shown = now
        self._wrote = True
        line = self._line(sources, outputs, max(now - self._began, 1e-3))
        self._stream.write(f"\r\x1b[K{line}" if self._terminal else f"{line}\n")
        self._stream.flush()

    def _line(self, sources: int, outputs: int, seconds: float) -> str:
        rate = sources / seconds
        left = duration((self._total - sources) / rate) if rate else "unknown time"
        share = sources / self._total
        bar = f"{'█' * int(BAR * share):░<{BAR}} " if self._terminal else ""
        speed = f"{rate:,.0f}" if rate >= 10 else f"{rate:.1f}"
        counts = f"{sources:,} of {self._total:,} {self._noun} ({int(100 * share)} %), {outputs:,} files"
        return f"{bar}{counts}, {speed} {self._noun}/s, {left} left"

    def close(self) -> None:
        if self._wrote and self._terminal:
            self._stream.write("\n")
