"""The engine's command line; `… timed_engine LOG run …` logs the seconds of each file and the process's peak memory."""

from __future__ import annotations

import os
import re
import sys
import time
from pathlib import Path

from augmentation.__main__ import main
from augmentation.run.augmenter import Augmenter
from augmentation.run.result import SourceResult
from augmentation.run.write_buffer import WriteBuffer

_make = Augmenter.make


def _timed(augmenter: Augmenter, source: str, buffer: WriteBuffer) -> SourceResult:
    began = time.process_time()
    result = _make(augmenter, source, buffer)
    _log(time.process_time() - began, source)
    return result


def _log(seconds: float, what: str) -> None:
    # Not getrusage: its maximum counts what the parent held when it forked.
    peak = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text("ascii"))
    line = f"{seconds:.3f} {peak.group(1) if peak else 0} {what!r}\n".encode("ascii", "backslashreplace")
    file = os.open(sys.argv[1], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    os.write(file, line)  # one write a line: the workers append side by side
    os.close(file)


if __name__ == "__main__":
    Augmenter.make = _timed  # type: ignore[method-assign]
    code = main(sys.argv[2:])
    _log(0, "the main process")
    sys.exit(code)
