"""What ends a run from outside, in one line: what, where, and what to do."""

from __future__ import annotations

import argparse
import errno
import sqlite3
import tempfile
from typing import NamedTuple

from domain.errors import KempelenError

EXIT_FAILED, EXIT_USAGE, EXIT_INTERRUPTED = 1, 2, 130  # 128 + SIGINT, as shells say it
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class Failure(NamedTuple):
    """The line that people read, and the exit code."""

    reason: str
    exit_code: int


def failure_of(error: BaseException, options: argparse.Namespace) -> Failure | None:
    """None for what nobody has foreseen: only its traceback helps."""
    if isinstance(error, KeyboardInterrupt):
        return Failure(f"interrupted{_again(options, '; ')}", EXIT_INTERRUPTED)
    if isinstance(error, KempelenError):
        return Failure(str(error), EXIT_FAILED)
    if isinstance(error, sqlite3.OperationalError) and "full" in str(error):
        return Failure(f"{_full(tempfile.gettempdir())}{_again(options)}, or name another one by TMPDIR", EXIT_FAILED)
    if isinstance(error, OSError) and error.errno is not None:
        place = error.filename or getattr(options, "output", "the output")
        if error.errno in _FULL:
            return Failure(f"{_full(place)}{_again(options)}", EXIT_FAILED)
        return Failure(f"cannot use {place}: {error.strerror}; give another folder, or mend this one", EXIT_FAILED)
    return None


def _full(place: object) -> str:
    return f"no space is left for {place}; free some"


def _again(options: argparse.Namespace, link: str = ", then ") -> str:
    """How to go on; a Processing job begins anew."""
    if options.command != "run":
        return ""
    if options.host_config is not None:
        return f"{link}give the job's instances a larger volume (the setting `volume_gb`)"
    return f"{link}the same command with --resume goes on"
