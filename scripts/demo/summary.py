"""What the demo measured: `.local/demo/summary.json`."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from itertools import combinations
from pathlib import Path
from typing import Any

Row = dict[str, Any]


def summarize_run(labels: Sequence[Row], augmented: Row, executions: list[Row], report: Path) -> Row:
    """The summary of one pipeline run, from the rows of its labels.jsonl and the output of `augment`."""
    return {
        "images": len(labels),
        "labeled": sum(row["status"] == "labeled" for row in labels),
        "unlabeled": with_reasons(labels, "unlabeled"),
        "rejected": with_reasons(labels, "rejected"),
        "classes": dict(sorted(Counter(row["label"] for row in labels if row["status"] == "labeled").items())),
        "annotator_agreement": agreement(labels),
        "versions": [
            {
                key: augmented[key]
                for key in ("version", "uri", "outputs", "quarantined", "splits", "exports", "classes")
            }
        ],
        "executions": executions,
        "seconds": {},
        "leftovers": [],
        "report": str(report),
    }


def with_reasons(labels: Sequence[Row], status: str) -> list[Row]:
    """Object and reason of every row with this status."""
    return [{"object": row["object"], "reason": row["reason"]} for row in labels if row["status"] == status]


def agreement(labels: Sequence[Row]) -> float | None:
    """The share of pairs of votes on the same object that agree, 0 to 1; None without such a pair."""
    pairs = [first["label"] == second["label"] for row in labels for first, second in combinations(row["votes"], 2)]
    return round(sum(pairs) / len(pairs), 4) if pairs else None


def write_summary(work: Path, summary: Row) -> Path:
    """Write summary.json into the work folder; its path."""
    file = work / "summary.json"
    file.write_text(json.dumps(summary, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return file
