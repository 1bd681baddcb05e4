from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Complete at the second question."""
    asked = Path(os.environ["TMPDIR"]) / f"asked-{event['RequestType']}-{event['RequestId']}"
    if not asked.exists():
        asked.write_text(str(time.time()))
        return {"IsComplete": False}
    return {"IsComplete": True, "Data": {"Answer": "42"}}
