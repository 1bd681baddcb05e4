"""Random numbers that depend on the run's seed and on what is made, never on who makes it or when."""

from __future__ import annotations

import random

from domain.plan.identity import derive_seed


def sequence_seed(run_seed: int, source: str, branch: str = "", variant: int = 0) -> int:
    """The seed of one passage through the trunk (branch "") or through a branch as its variant number `variant`."""
    return derive_seed(run_seed, source, branch, variant)


def generator(seed: int) -> random.Random:
    """5 microseconds, against 15 for numpy's; the draws of one passage come from it in the recipe's order."""
    return random.Random(seed)  # noqa: S311 - repeatable on purpose
