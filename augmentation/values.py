"""The values of a step: drawing them is one thing, applying them another, and the manifest records what was drawn.

`draw(step, rng)` gives values that JSON can hold and that, with the pixels or samples, decide the result entirely.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from math import exp, log
from typing import Any

from domain.recipe.steps import Step
from domain.recipe.steps.base import Severe

Values = dict[str, Any]
Draw = Callable[[Any, random.Random], Values]


def uniform(rng: random.Random, bounds: tuple[float, float]) -> float:
    """A value of the range with six decimals: what the manifest shows is exactly what was applied."""
    return round(rng.uniform(*bounds), 6)


def log_uniform(rng: random.Random, bounds: tuple[float, float]) -> float:
    """A ratio of the range, halves as often as doubles: its logarithm is uniform, as of torchvision's aspect ratios."""
    low, high = bounds
    return min(high, max(low, round(exp(rng.uniform(log(low), log(high))), 6)))


def severity_of(step: Severe, rng: random.Random) -> int:
    """The step's severity, or one of its range, each as often; one that is fixed draws nothing."""
    return step.severity if isinstance(step.severity, int) else rng.randint(*step.severity)


def nothing(_: Step, __: random.Random) -> Values:
    """The draw of a transform that has no values."""
    return {}
