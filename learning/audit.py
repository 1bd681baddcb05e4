"""Whether people's answers confirm what the machine would have labeled."""

from __future__ import annotations

from math import comb
from typing import NamedTuple

CHANCE = 0.01
"""An audit misses when machine labels of the target accuracy would fare so badly less often than this."""


class Audit(NamedTuple):
    """Of `checked` labels of the machine, drawn at random and asked of people, `wrong` were another answer."""

    checked: int
    wrong: int
    target: float

    @property
    def missed(self) -> bool:
        """An exact binomial test, one-sided."""
        error, n = 1 - self.target, self.checked
        fewer = sum(comb(n, k) * error**k * self.target ** (n - k) for k in range(self.wrong))
        return 1 - fewer < CHANCE
