"""What the demo measured: `summary.json`."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from domain.labels.rows import LABELED, REJECTED, UNLABELED, LabelRow
from domain.report.agreement import agreement

Row = dict[str, Any]
VERSION_KEYS = ("version", "uri", "outputs", "quarantined", "splits", "exports", "classes")


def summarize_run(labels: Sequence[LabelRow], augmented: Row, executions: list[Row], report: Path) -> Row:
    """The summary of one pipeline run, from the rows of its labels.jsonl and the output of `augment`."""
    labeled = [row for row in labels if row.status == LABELED]
    pairs = agreement(labels).overall
    return {
        "images": len(labels),
        "labeled": len(labeled),
        "unlabeled": with_reasons(labels, UNLABELED),
        "rejected": with_reasons(labels, REJECTED),
        "classes": dict(sorted(Counter(row.label for row in labeled).items())),
        # The share of pairs of answers to the same image that agree; None where one worker answered each.
        "worker_agreement": round(pairs.value, 4) if pairs.both else None,
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


def with_reasons(labels: Sequence[LabelRow], status: str) -> list[Row]:
    """Object and reason of every row with this status."""
    return [{"source": row.source, "reason": row.reason} for row in labels if row.status == status]


def write_summary(work: Path, summary: Row) -> Path:
    """Write summary.json into the work folder; its path."""
    file = work / "summary.json"
    file.write_text(json.dumps(summary, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return file
