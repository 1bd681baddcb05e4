"""The findings that stay, each with its reason: explained.toml. One that is not listed is an error, and so is a reason
that no finding needs any more."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

FILE = Path(__file__).with_name("explained.toml")


@dataclass(frozen=True)
class Finding:
    """`where`: stage, stack and logical id, such as `prod/kempelen-prod-storage/Logs6819BB44`."""

    tool: str
    rule: str
    where: str
    message: str = ""


@dataclass(frozen=True)
class Reason:
    """Of one rule of one tool, at the places that one of the patterns of `where` matches."""

    tool: str
    rule: str
    where: tuple[str, ...]
    why: str

    def explains(self, finding: Finding) -> bool:
        return (self.tool, self.rule) == (finding.tool, finding.rule) and any(
            fnmatchcase(finding.where, pattern) for pattern in self.where
        )


def read(path: Path = FILE) -> list[Reason]:
    """Raises ValueError for an entry without a rule, a place or a sentence."""
    reasons = []
    for tool, entries in tomllib.loads(path.read_text("utf-8")).items():
        for entry in entries:
            reason = Reason(tool, entry.get("rule", ""), tuple(entry.get("where", ())), entry.get("why", ""))
            if not (reason.rule and reason.where and len(reason.why) > 20):
                raise ValueError(f"{path.name}: {tool} {reason.rule}: give a rule, a place, and why it stays")
            reasons.append(reason)
    return reasons


@dataclass(frozen=True)
class Verdict:
    """`explained`: how many findings each reason stands for."""

    explained: Counter[Reason]
    unexplained: tuple[Finding, ...]
    stale: tuple[Reason, ...]

    @property
    def clean(self) -> bool:
        return not (self.unexplained or self.stale)


def judge(findings: Iterable[Finding], reasons: Iterable[Reason]) -> Verdict:
    """Which findings are explained, which are not, and which reasons nothing needs."""
    listed = list(reasons)
    explained: Counter[Reason] = Counter()
    unexplained = []
    for finding in findings:
        found = [reason for reason in listed if reason.explains(finding)]
        explained.update(found)
        if not found:
            unexplained.append(finding)
    return Verdict(explained, tuple(unexplained), tuple(reason for reason in listed if reason not in explained))
