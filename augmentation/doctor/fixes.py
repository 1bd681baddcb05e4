"""What a person chose on the page, and the labels without what she sent to review or to quarantine."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from augmentation.doctor.findings import FIXABLE, KEEP, QUARANTINE, REVIEW, Findings
from augmentation.errors import UsageError
from augmentation.files import read_text
from domain.labels.rows import LABELED, REJECTED, UNLABELED, LabelRow

COLUMNS = ["file", "finding", "fix"]
Fixes = Mapping[tuple[str, str], str]
"""By file and kind of finding."""


def read_fixes(path: Path) -> Fixes:
    """The table that the page saves: file, finding, fix.

    Raises:
        UsageError: it cannot be read, or a row is none of such a table; the message gives the line.
    """
    lines = csv.reader(read_text(path, "fixes").removeprefix("\ufeff").splitlines())
    fixes: dict[tuple[str, str], str] = {}
    try:
        if next(lines, []) != COLUMNS:
            raise UsageError(f"--fixes {path}, line 1: the first line is {','.join(COLUMNS)}; save it from the page")
        for row in filter(None, lines):
            if len(row) != len(COLUMNS) or row[1] not in FIXABLE or row[2] not in (REVIEW, QUARANTINE, KEEP):
                raise UsageError(
                    f"--fixes {path}, line {lines.line_num}: {','.join(row)} is no file, finding and fix; "
                    f"a fix is {REVIEW}, {QUARANTINE} or {KEEP}"
                )
            fixes[row[0], row[1]] = row[2]
    except csv.Error as error:
        raise UsageError(f"--fixes {path}, line {lines.line_num}: {error}") from error
    return fixes


def unsettled(findings: Findings, fixes: Fixes) -> Findings:
    """Without those whose files are all to be kept."""
    return {
        kind: [one for one in some if not _kept(kind, one.get("sources") or [one.get("source", "")], fixes)]
        for kind, some in findings.items()
    }


def _kept(kind: str, sources: Sequence[str], fixes: Fixes) -> bool:
    return all(fixes.get((source, kind)) == KEEP for source in sources)


def fixed(rows: Iterable[LabelRow], fixes: Fixes) -> Iterator[LabelRow]:
    """The rows of labels.jsonl, those of quarantined files as rejected, of files for review as unlabeled."""
    chosen: dict[str, dict[str, list[str]]] = {}
    for (source, kind), fix in fixes.items():
        chosen.setdefault(source, {}).setdefault(fix, []).append(kind.replace("_", " "))
    for row in rows:
        own = chosen.get(row.source, {})
        if row.status == LABELED and QUARANTINE in own:
            yield _without_label(row, REJECTED, f"quarantined by a person: {', '.join(own[QUARANTINE])}")
        elif row.status == LABELED and REVIEW in own:
            yield _without_label(row, UNLABELED, f"to be reviewed: {', '.join(own[REVIEW])}")
        else:
            yield row


def _without_label(row: LabelRow, status: str, reason: str) -> LabelRow:
    """The votes stay: what people said is kept."""
    told = {"source": row.source, "source_ref": row.source_ref, "status": status, "reason": reason, "votes": row.votes}
    return LabelRow.model_validate(told)
