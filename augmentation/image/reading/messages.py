"""What C libraries print: they write to the process's standard error, past Python and without a file's name."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass
class Messages:
    """`text` is there when the block has ended."""

    text: str = ""


@contextmanager
def messages() -> Iterator[Messages]:
    """Catches what is printed to the standard error within the block, by whatever code."""
    said = Messages()
    with tempfile.TemporaryFile() as file:
        sys.stderr.flush()
        before = os.dup(2)
        os.dup2(file.fileno(), 2)
        try:
            yield said
        finally:
            os.dup2(before, 2)
            os.close(before)
            file.seek(0)
            said.text = file.read(4096).decode(errors="replace").strip()
