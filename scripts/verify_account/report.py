"""The report that one can attach to an issue."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from scripts.verify_account.finding import Finding, Verdict
from scripts.verify_account.redact import redacted


def written(stage: str, region: str, findings: Sequence[Finding], names: Iterable[str]) -> str:
    """Markdown. `names` are taken out, as are account ids, e-mail addresses and secrets."""
    counts = Counter(finding.verdict for finding in findings)
    summary = ", ".join(f"{counts[verdict]} {verdict.value}" for verdict in Verdict if counts[verdict])
    rows = [f"| {one.verdict.value} | {_cell(one.topic)} | {_cell(one.detail)} |" for one in findings]
    head = [f"# Stage `{stage}` in {region}", "", summary, "", "| | what | seen |", "|---|---|---|"]
    return redacted("\n".join([*head, *rows]) + "\n", names)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
