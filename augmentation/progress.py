"""A line that tells how far a run is; on a terminal only, so that logs stay logs."""

from __future__ import annotations

import sys
import time
from typing import TextIO

INTERVAL = 0.2  # seconds between two updates


class Progress:
    """Counts sources and outputs of `total` sources."""

    def __init__(self, total: int, *, enabled: bool | None = None, stream: TextIO = sys.stderr) -> None:
        self._total = total
        self._stream = stream
        self._enabled = stream.isatty() if enabled is None else enabled
        self._began = time.monotonic()
        self._shown = 0.0

    def update(self, sources: int, outputs: int) -> None:
        now = time.monotonic()
        if not self._enabled or (now - self._shown < INTERVAL and sources < self._total):
            return
        self._shown = now
        rate = sources / max(now - self._began, 1e-3)
        left = (self._total - sources) / max(rate, 1e-3)
        line = f"{sources:,} of {self._total:,} images, {outputs:,} files, {rate:,.0f} images/s, {left:,.0f} s left"
        self._stream.write(f"\r\x1b[K{line}")
        self._stream.flush()

    def close(self) -> None:
        if self._enabled:
            self._stream.write("\n")
