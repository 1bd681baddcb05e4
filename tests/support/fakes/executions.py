"""Tells which sources a run augments, in whichever of its processes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from augmentation.run import augmenter


def watch_executions(monkeypatch: pytest.MonkeyPatch, log: Path) -> Callable[[], list[str]]:
    """From now on the sources that are decoded are written to `log`; gives what reads them."""
    real = augmenter.Execution

    class Watched(real):  # type: ignore[valid-type,misc]
        def __init__(self, seed: int, source: str, wanted: object, *more: object) -> None:
            with log.open("a") as lines:
                lines.write(f"{source}\n")
            super().__init__(seed, source, wanted, *more)

    monkeypatch.setattr(augmenter, "Execution", Watched)
    return lambda: log.read_text().splitlines() if log.exists() else []
