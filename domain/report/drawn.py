"""Distributions of the values that were drawn: gathered row by row in bounded memory, shown as small histograms."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from math import floor, isfinite
from typing import TYPE_CHECKING, Any

from domain.report.html import percent, rendered
from domain.rows import ManifestRow

if TYPE_CHECKING:
    from markupsafe import Markup

BUCKETS = 512
BARS = 28
WORDS = 8
FINEST = -20  # 2**-20: the manifest has six decimals
WIDTH, HEIGHT = 168, 56  # of the plot, in pixels
LARGEST = 1e9  # beyond it lie seeds, whose distribution says nothing


class Numbers:
    """A histogram in at most 512 buckets, whose width doubles when they do not suffice; the order does not matter."""

    def __init__(self) -> None:
        self.count = 0
        self.low = float("inf")
        self.high = float("-inf")
        self._power = FINEST
        self._buckets: Counter[int] = Counter()

    def add(self, value: float) -> None:
        self.count += 1
        self.low, self.high = min(self.low, value), max(self.high, value)
        self._buckets[floor(value / 2.0**self._power)] += 1
        while len(self._buckets) > BUCKETS:
            self._power += 1
            halved: Counter[int] = Counter()
            for bucket, times in self._buckets.items():
                halved[bucket >> 1] += times
            self._buckets = halved

    def bars(self) -> list[int]:
        """Counts in up to 28 equal parts of the range, fewer when fewer values occurred."""
        bars = min(BARS, len(self._buckets))
        counts = [0] * bars
        span = (self.high - self.low) or 1.0
        for bucket, times in self._buckets.items():
            middle = (bucket + 0.5) * 2.0**self._power
            share = min(max((middle - self.low) / span, 0.0), 1.0)  # infinite where the range is next to nothing
            counts[min(bars - 1, int(share * bars))] += times
        return counts


@dataclass
class Drawn:
    """What one step drew: how often it was applied, and each of its values."""

    applied: int = 0
    numbers: dict[str, Numbers] = field(default_factory=dict)
    words: dict[str, Counter[str]] = field(default_factory=dict)

    def add(self, values: Mapping[str, Any]) -> None:
        self.applied += 1
        for name, value in values.items():
            if isinstance(value, (str, bool)):
                words = self.words.setdefault(name, Counter())
                if value in words or len(words) < BUCKETS:
                    words[str(value)] += 1
            elif isinstance(value, (int, float)) and isfinite(value) and abs(value) < LARGEST and "seed" not in name:
                self.numbers.setdefault(name, Numbers()).add(value)


def gather(rows: Iterable[ManifestRow]) -> tuple[int, dict[str, Drawn]]:
    """How many rows there are, and what each step drew in them. Memory depends on the steps, not on the rows."""
    total = 0
    found: dict[str, Drawn] = {}
    for row in rows:
        total += 1
        for step in row["steps"]:
            found.setdefault(step["op"], Drawn()).add(step["values"])
    return total, found


def drawn_section(rows: Iterable[ManifestRow]) -> Markup | str:
    """A card a step: the share of the files that it was applied to, and a histogram of each value that varied."""
    total, found = gather(rows)
    if not found:
        return ""
    steps = [_card(op, drawn, total) for op, drawn in found.items()]
    return rendered("drawn.html", steps=steps, width=WIDTH, height=HEIGHT)


def _card(op: str, drawn: Drawn, total: int) -> dict[str, Any]:
    fixed = [f"{name} {_number(some.low)}" for name, some in drawn.numbers.items() if some.high == some.low]
    fixed += [f"{name} {next(iter(some))}" for name, some in drawn.words.items() if len(some) == 1]
    return {
        "name": op.replace("_", " "),
        "share": f"in {percent(drawn.applied / total)} of the files" if drawn.applied < total else "in every file",
        "histograms": [_histogram(name, some) for name, some in drawn.numbers.items() if some.high > some.low],
        "choices": [_choices(name, some, drawn.applied) for name, some in drawn.words.items() if len(some) > 1],
        "fixed": ", ".join(fixed),
    }


def _histogram(name: str, numbers: Numbers) -> dict[str, Any]:
    counts = numbers.bars()
    top, wide = max(counts), WIDTH / len(counts)
    bars = [
        {
            "x": f"{index * wide:.1f}",
            "y": f"{HEIGHT - _tall(count, top):.1f}",
            "width": f"{max(wide - 1, 1):.1f}",
            "height": f"{_tall(count, top):.1f}",
            "count": count,
        }
        for index, count in enumerate(counts)
        if count
    ]
    return {"name": name, "low": _number(numbers.low), "high": _number(numbers.high), "bars": bars}


def _tall(count: int, top: int) -> float:
    return max(1.5, HEIGHT * count / top)


def _choices(name: str, words: Counter[str], applied: int) -> dict[str, Any]:
    shown = sorted(words.items(), key=lambda item: (-item[1], item[0]))[:WORDS]
    return {"name": name, "shares": [(word, times / applied) for word, times in shown]}


def _number(value: float) -> str:
    text = f"{value:.3g}" if abs(value) < 1000 else f"{value:,.0f}"
    return text.replace("-", "−")
