"""Between which bounds a share lies that was counted."""

from __future__ import annotations

from math import sqrt

_Z = 1.959964
"""95 % of a normal distribution lie within so many standard deviations."""


def wilson(right: float, of: float) -> tuple[float, float]:
    """The 95 % score interval of a share: E. B. Wilson, Journal of the American Statistical Association 22 (1927)
    209-212, doi.org/10.1080/01621459.1927.10502953. Of nothing it is all that a share can be.

    Raises:
        ValueError: more are right than there are.
    """
    if not 0 <= right <= of + 1e-9:
        raise ValueError(f"{right} of {of} is no share")
    if of <= 0:
        return 0.0, 1.0
    share, square = min(1.0, right / of), _Z * _Z / of
    middle = (share + square / 2) / (1 + square)
    half = _Z / (1 + square) * sqrt(share * (1 - share) / of + square / (4 * of))
    return max(0.0, middle - half), min(1.0, middle + half)
