"""Steps that add noise."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from domain.recipe.steps.base import Severity, Step


class GaussianNoise(Step):
    """Gaussian noise; severity 1-5 as in ImageNet-C (Hendrycks, Dietterich 2019): sigma .08 .12 .18 .26 .38 of white.

    `exact` draws every value anew instead of reading a table of 2^20 drawn ones: ten times slower.
    """

    op: Literal["gaussian_noise"]
    severity: Severity = 1
    exact: bool = False
    example: ClassVar[Mapping[str, Any]] = {"severity": 3}


STEPS: tuple[type[Step], ...] = (GaussianNoise,)
