"""What `tune` found, as a page: the verdict, and each recipe's gain with its interval."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from domain.report.html import rendered


@dataclass(frozen=True)
class Tried:
    """A recipe with its score (0 to 1), its gain over none with `low` and `high`, and how many inner folds chose it."""

    name: str
    description: str
    score: float
    gain: Mapping[str, float]
    chosen: int


def tune_page(found: Mapping[str, Any], tried: Sequence[Tried]) -> str:
    """The whole page, which needs no network; the best recipe first. `found` is what `tune.json` says."""
    order = sorted(tried, key=lambda one: (-one.score, one.name))
    bounds = [one.gain[end] for one in tried for end in ("low", "high")]
    bounds += [found["gain"][end] for end in ("low", "high")]
    low, high = min(0.0, *bounds), max(0.0, *bounds)
    width = max(high - low, 1e-9)

    def at(value: float) -> float:
        return round(100 * (value - low) / width, 2)

    return rendered(
        "tune.html",
        found=found,
        folds=found["folds"]["outer"] * found["seeds"],
        gain=_points(found["gain"]),
        zero=at(0.0),
        rows=[
            {
                "name": one.name,
                "description": one.description,
                "score": f"{100 * one.score:.1f}",
                "gain": _points(one.gain),
                "chosen": one.chosen,
                "left": at(one.gain["low"]),
                "right": round(100 - at(one.gain["high"]), 2),
                "middle": at(one.gain["mean"]),
                "is_none": one.name == "none",
                "is_best": one.name == found["recommended"],
            }
            for one in order
        ],
    )


def _points(gain: Mapping[str, float]) -> dict[str, str]:
    return {name: f"{round(100 * value, 1) + 0.0:+.1f}".replace("-", "−") for name, value in gain.items()}
