"""Ends a job's process group when the local cloud is gone, however it went. Run as a program: standard library only.

    python guard.py <process group>

The server holds the other end of its standard input: a byte says that the job has ended by itself, an end without one
that the server has.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys


def main() -> None:
    if not sys.stdin.buffer.read(1):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(int(sys.argv[1]), signal.SIGKILL)


if __name__ == "__main__":
    main()
