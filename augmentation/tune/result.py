"""What `tune` leaves: the recipe that it recommends, all figures, and a page."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from augmentation.files import write_file
from augmentation.tune.candidates import NONE, Candidate
from domain.report.tune_page import Tried, tune_page

if TYPE_CHECKING:
    from learning.compare import Gain, Judged

FORMAT = 1
RECIPE, JSON, PAGE = "recipe.yaml", "tune.json", "index.html"


def summary(
    tried: Sequence[Candidate],
    judged: Sequence[Sequence[Judged]],
    asked: Mapping[str, Any],
) -> dict[str, Any]:
    """What `tune.json` says; `asked` is the part of it that was known before anything was judged."""
    from augmentation.tune.judge import INNER, OUTER
    from learning.compare import corrected_interval

    outer = [fold for seed in judged for fold in seed]

    def gain(values: Sequence[float]) -> Gain:
        return corrected_interval(
            [value - fold.scores[0] for value, fold in zip(values, outer, strict=True)], 1 / OUTER
        )

    def mean(values: Sequence[float]) -> float:
        return sum(values) / len(values)

    by_way = [[fold.scores[way] for fold in outer] for way in range(len(tried))]
    choice = gain([fold.score for fold in outer])
    best = max(range(len(tried)), key=lambda way: (round(mean(by_way[way]), 9), -way))
    recommended = tried[best].name if choice.helps else NONE
    chosen = Counter(fold.chosen for fold in outer)
    return {
        "format": FORMAT,
        "recommended": recommended,
        "helps": recommended != NONE,
        "gain": _told(choice),
        "measure": "balanced accuracy",
        **asked,
        "seeds": len(judged),
        "folds": {"outer": OUTER, "inner": INNER},
        "none": round(mean(by_way[0]), 6),
        "recipes": [
            {
                "name": candidate.name,
                "description": candidate.description,
                "score": round(mean(by_way[way]), 6),
                "gain": _told(gain(by_way[way])),
                "chosen": chosen[way],
            }
            for way, candidate in enumerate(tried)
        ],
    }


def _told(gain: Gain) -> dict[str, float]:
    return {name: round(value, 6) for name, value in gain._asdict().items()}


def write(folder: Path, found: Mapping[str, Any], tried: Sequence[Candidate]) -> None:
    """All three files, the recipe last."""
    recipe = next(one for one in tried if one.name == found["recommended"])
    gain = found["gain"]
    interval = f"{100 * gain['mean']:+.1f} [{100 * gain['low']:+.1f}, {100 * gain['high']:+.1f}]"
    verdict = (
        f"# Recommended by tune: choosing by cross-validation gains {interval} points of balanced accuracy over none."
        if found["helps"]
        else f"# tune recommends none: choosing by cross-validation gains {interval} points of balanced accuracy."
    )
    page = tune_page(
        found,
        [Tried(one["name"], one["description"], one["score"], one["gain"], one["chosen"]) for one in found["recipes"]],
    )
    text = json.dumps(found, ensure_ascii=False, indent=1) + "\n"
    write_file(folder / PAGE, page.encode("utf-8", "backslashreplace"))
    write_file(folder / JSON, text.encode("utf-8", "backslashreplace"))
    write_file(folder / RECIPE, f"{verdict}\n{recipe.text}".encode())
