"""What a version took: seconds, images a second, and what that costs at list price."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from domain.prices import HOME, Price, find
from domain.report.html import rendered
from domain.rows import PartFacts
from domain.text import counted
from domain.workflow.inputs import CostEstimate, Took

if TYPE_CHECKING:
    from markupsafe import Markup


@dataclass(frozen=True)
class Usage:
    """Of all hosts together: the `seconds` of the slowest and of all, what they read and made, and their kind.

    `took`: with SageMaker's own start and end of the jobs, where they are known; `estimate` is from before them.
    """

    hosts: int
    processes: int
    seconds: float
    host_seconds: float
    sources: int
    outputs: int
    instance_type: str | None = None
    region: str = HOME
    took: Took | None = None
    estimate: CostEstimate | None = None

    @classmethod
    def of(cls, facts: Iterable[PartFacts]) -> Usage | None:
        """From the facts of each host's part.json; None when some host did not take its time."""
        parts = list(facts)
        if not parts or any("seconds" not in part for part in parts):
            return None
        seconds = [float(part["seconds"]) for part in parts]
        types = {part.get("instance_type") for part in parts}
        return cls(
            hosts=len(parts),
            processes=sum(int(part.get("processes", 1)) for part in parts),
            seconds=max(seconds),
            host_seconds=sum(seconds),
            sources=sum(int(part["sources"]) for part in parts),
            outputs=sum(int(part["outputs"]) for part in parts),
            instance_type=types.pop() if len(types) == 1 else None,
        )

    @property
    def price(self) -> Price | None:
        """Of an hour of one machine, where the list has it."""
        return find(f"instance/{self.instance_type}", self.region)

    @property
    def dollars(self) -> float | None:
        """At list price, of the time that SageMaker counts, else of that at work; None for a machine without one."""
        if self.took is not None:
            return self.took.usd
        return None if self.price is None else self.price.usd * self.host_seconds / 3600


def usage_section(usage: Usage | None) -> Markup | str:
    """Time, speed and cost; nothing when nobody took the time."""
    if usage is None:
        return ""
    rate = max(usage.seconds, 1e-3)
    cards = [
        (duration(usage.seconds), "time", _where(usage)),
        (_rate(usage.sources / rate), "files read a second", f"{counted(usage.sources, 'file')} of the input"),
        (_rate(usage.outputs / rate), "files made a second", f"{usage.outputs:,} new files"),
        _cost(usage),
    ]
    return rendered("usage.html", cards=cards)


def _where(usage: Usage) -> str:
    machines = f"{usage.hosts} instances, " if usage.hosts > 1 else ""
    kind = f"{usage.instance_type}, " if usage.instance_type else ""
    return f"{machines}{kind}{usage.processes} {'process' if usage.processes == 1 else 'processes'}"


def _cost(usage: Usage) -> tuple[str, str, str]:
    price, dollars = usage.price, usage.dollars
    if price is None or dollars is None:
        return "–", "cost", "no list price known for this machine"
    each = dollars / usage.outputs * 1e6 if usage.outputs else 0.0
    told = f"${price.usd}/h ({price.region}); ${each:,.2f} a million files"
    return _amount(dollars), "cost at list price", "; ".join([told, *_beside(usage)])


def _beside(usage: Usage) -> Iterator[str]:
    """How the time was taken, and what had been estimated."""
    if usage.took is not None and usage.took.billed_seconds is not None:
        yield f"{duration(usage.took.billed_seconds)} of all machines by SageMaker's clock"
    if usage.estimate is not None and usage.estimate.likely is not None:
        yield f"estimated before: {_amount(usage.estimate.likely)}, at most {_amount(usage.estimate.usd)}"


def _amount(dollars: float) -> str:
    return f"${dollars:.4f}" if dollars < 0.1 else f"${dollars:,.2f}"


def _rate(value: float) -> str:
    return f"{value:,.0f}" if value >= 10 else f"{value:.1f}"


def duration(seconds: float) -> str:
    """ "4.2 s", "3 min 20 s", "2 h 5 min"."""
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest} s"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min"
