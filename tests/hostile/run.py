"""Runs the engine over the corpus in a process of its own and checks every promise that it makes about bad input."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image

from augmentation.processes import CRASHED
from domain.jsonlines import load_lines
from domain.labels.rows import LabelRow, write_labels
from tests.hostile.corpus import EITHER, MADE, REFUSED, HostileFile, write_corpus

RECIPE = """
name: hostile
splits: {train: 1, val: 0, test: 0}
steps:
  - {op: flip, probability: 0.5} # before the crop, so that every image is decoded in full
  - {op: resize_crop, width: 32, height: 32}
  - export: small
"""
BASE_MEMORY_MB = 150  # of the engine without an image; each worker may hold three decoded ones on top
SECONDS_A_FILE = 20.0  # of processor time, for the largest image on a slow machine


@dataclass(frozen=True)
class Outcome:
    """What the run did: of each file the reason for its quarantine, or "" if it is in the data set."""

    files: list[HostileFile]
    exit_code: int
    reasons: dict[str, str]
    log: str
    peak_mb: float
    cap_mb: float
    slowest: tuple[float, str]

    def problems(self) -> list[str]:
        """Every broken promise; empty when all is well."""
        found = [] if self.exit_code == 0 else [f"exit code {self.exit_code}: {self.log[-2000:]}"]
        if "Traceback" in self.log:
            found.append(f"a traceback was printed: {self.log[-2000:]}")
        names = {_shown(file.path) for file in self.files}
        found += [f"lost: {name!r}" for name in sorted(names - set(self.reasons))]
        found += [f"nobody's: {name!r}" for name in sorted(set(self.reasons) - names)]
        for file in self.files:
            reason = self.reasons.get(_shown(file.path), "")
            if (file.expected == MADE and reason) or (file.expected == REFUSED and not reason):
                found.append(f"{file.family}, {file.path!r} must be {file.expected}, but: {reason or 'made'}")
            if reason in ("MemoryError", CRASHED):
                found.append(f"{file.family}, {file.path!r}: {reason}")
        if self.peak_mb > self.cap_mb:
            found.append(f"{self.peak_mb:,.0f} MB in one process; the cap is {self.cap_mb:,.0f} MB")
        if self.slowest[0] > SECONDS_A_FILE:
            found.append(f"{self.slowest[1]} took {self.slowest[0]:.1f} s; the bound is {SECONDS_A_FILE:.0f} s")
        return found

    def summary(self) -> str:
        """One line a family, then the totals."""
        lines = [f"{'family':<28}{'files':>7}{'made':>7}{'refused':>9}  most frequent reason"]
        for family in dict.fromkeys(file.family for file in self.files):
            reasons = [self.reasons.get(_shown(file.path), "lost") for file in self.files if file.family == family]
            bad = Counter(reason for reason in reasons if reason)
            often = ascii(bad.most_common(1)[0][0])[1:70] if bad else ""
            lines.append(f"{family:<28}{len(reasons):>7}{len(reasons) - bad.total():>7}{bad.total():>9}  {often}")
        bad_total = sum(1 for reason in self.reasons.values() if reason)
        lines.append(
            f"{len(self.files):,} files = {len(self.reasons) - bad_total:,} in the data set "
            f"+ {bad_total:,} in quarantine\n"
            f"peak {self.peak_mb:,.0f} MB of {self.cap_mb:,.0f} allowed a process; "
            f"slowest file {self.slowest[0]:.2f} s of {SECONDS_A_FILE:.0f}"
        )
        return "\n".join(lines)


def run_corpus(work: Path, count: int, seed: int, workers: int = 2) -> Outcome:
    """Makes the corpus below `work` and runs the engine over it; nothing of `work` may exist yet."""
    files = write_corpus(work / "in", count, seed)
    (work / "recipe.yaml").write_text(RECIPE, encoding="utf-8")
    command = [sys.executable, "-m", "tests.hostile.timed_engine", str(work / "log.files"), "run"]
    command += ["--recipe", str(work / "recipe.yaml"), "--input", str(work / "in"), "--output", str(work / "out")]
    command += ["--labels", str(_labels(work, files))]
    with (work / "log").open("wb") as log:
        done = subprocess.run([*command, "--processes", str(workers)], stderr=log, stdout=log, check=False)
    slowest, peak = _measured(work / "log.files")
    largest = max(_pixels(work / "in" / file.path) for file in files if file.family == "large photos")
    return Outcome(
        files=files,
        exit_code=done.returncode,
        reasons=_reasons(work / "out"),
        log=(work / "log").read_text(encoding="utf-8", errors="replace"),
        peak_mb=peak,
        cap_mb=BASE_MEMORY_MB + 3 * 4 * largest / 1e6,
        slowest=slowest,
    )


def _labels(work: Path, files: Sequence[HostileFile]) -> Path:
    """Each file's first folder, as a person would have said it: names that are hidden count then like any other."""
    names = [file.path for file in files if file.path.encode("utf-8", "ignore").decode() == file.path]
    labels = {name: name.split("/", 1)[0] if "/" in name else "any" for name in names}
    rows = [
        LabelRow(source=name, source_ref=f"file:{name}", status="labeled", label=label, labels=(label,))
        for name, label in labels.items()
    ]
    (work / "labels.jsonl").write_text(write_labels(rows), encoding="utf-8")
    return work / "labels.jsonl"


def _shown(path: str) -> str:
    return path.encode("utf-8", "backslashreplace").decode()


def _pixels(path: Path) -> int:
    with Image.open(path) as image:
        return image.width * image.height


def _reasons(version: Path) -> dict[str, str]:
    """By source; "" for one that has its files in the data set. A source that is in both keeps both apart."""
    found: dict[str, str] = {}
    for name in ("manifest.jsonl", "quarantine.jsonl"):
        path = version / name
        rows: list[dict[str, Any]] = list(load_lines(path.read_text("utf-8"), name)) if path.exists() else []
        for row in rows:
            reason = row.get("reason", "")
            if found.get(row["source"], reason) != reason:
                reason = f"in the data set and in quarantine: {reason}"
            found[row["source"]] = reason
            if not reason and not (version / row["path"]).is_file():
                found[row["source"]] = f"{row['path']} is missing"
    return found


def _measured(log: Path) -> tuple[tuple[float, str], float]:
    """The slowest file with its seconds, and the most megabytes that one process held."""
    lines = [line.split(" ", 2) for line in log.read_text("ascii").splitlines()] if log.exists() else []
    slowest = max(((float(seconds), name) for seconds, _, name in lines), default=(0.0, ""))
    return slowest, max((int(kilobytes) / 1024 for _, kilobytes, _ in lines), default=0.0)


__all__ = ["EITHER", "Outcome", "run_corpus"]
