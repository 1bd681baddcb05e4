"""Where a benchmark's figures go."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parent.parent / ".local/bench"


def keep(name: str, result: Mapping[str, Any]) -> None:
    """Into .local/bench/<name>.json."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / f"{name}.json").write_text(f"{json.dumps(result, indent=2)}\n", encoding="utf-8")


def keep_and_show(name: str, result: Mapping[str, Any]) -> None:
    keep(name, result)
    print(json.dumps(result, indent=2))  # noqa: T201
