"""How often a probe is right where it is so sure, and how much of a pool it may label by itself."""

from __future__ import annotations

from statistics import NormalDist
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from learning.features import Floats

_PRIOR_MEAN = np.array([0.0, 1.0])
_PRIOR_PRECISION = np.diag([0.05, 2.0])
"""A probe is right as often as it says, unless the answers say otherwise."""
_LEAST_SURE, _ENOUGH = 0.1, 200
"""Answers count that are surer than this share of the pool, and the surest of all until there are enough."""


class Accepted(NamedTuple):
    """`rows` of a pool, the surest first; the least sure one has the probability `threshold`.

    `accuracy`: their estimated accuracy; `bound`: its lower confidence bound. Of no rows all three are 1.
    """

    rows: NDArray[np.intp]
    threshold: float
    accuracy: float
    bound: float


class Trust:
    """The chance that a probe's first class is right: logistic in the logit of its probability (Platt, 1999).

    `probabilities` (n x classes) are out of fold, `right` says where the first class was the answer. Only those count
    that are about as sure as `pool` (m x classes), which is what is not asked yet: half of the answers are hard ones,
    and what the hard ones say of the sure ones is too bad by far.
    """

    def __init__(self, probabilities: Floats, right: NDArray[np.bool_], pool: Floats) -> None:
        logits = _logit(probabilities)
        surer = int((logits >= np.quantile(_logit(pool), _LEAST_SURE)).sum()) if len(pool) else 0
        alike = np.argsort(-logits, kind="stable")[: max(surer, _ENOUGH)]
        self._mean, self._covariance = _posterior(logits[alike], right[alike].astype(np.float64))

    def chance(self, probabilities: Floats) -> Floats:
        """m values, of m x classes."""
        return _sigmoid(self._mean[0] + self._mean[1] * _logit(probabilities))

    def accept(self, probabilities: Floats, target: float, confidence: float) -> Accepted:
        """The most rows whose accuracy is `target` by its one-sided lower bound: by the delta method, on logits.

        The bound is asymptotic, and somewhat too bold where few answers are wrong: of 400 answers, 0.9 held in three
        simulations of four.
        """
        if len(probabilities) == 0:
            return Accepted(np.zeros(0, np.intp), 1.0, 1.0, 1.0)
        order = np.argsort(-probabilities.max(axis=1), kind="stable")
        logits, chance = _logit(probabilities)[order], self.chance(probabilities)[order]
        slope, count = chance * (1 - chance), np.arange(1, len(order) + 1)
        mean, level, tilt = (np.cumsum(values) / count for values in (chance, slope, slope * logits))
        cov = self._covariance
        deviation = np.sqrt(cov[0, 0] * level**2 + 2 * cov[0, 1] * level * tilt + cov[1, 1] * tilt**2)
        safe = np.clip(mean, 1e-9, 1 - 1e-9)
        margin = NormalDist().inv_cdf(confidence) * deviation / (safe * (1 - safe))
        bound = _sigmoid(np.log(safe / (1 - safe)) - margin)
        good = np.flatnonzero(bound >= target)
        if len(good) == 0:
            return Accepted(order[:0], 1.0, 1.0, 1.0)
        last = good[-1]
        threshold = float(probabilities[order[last]].max())
        return Accepted(order[: last + 1], threshold, float(mean[last]), float(bound[last]))


def _logit(probabilities: Floats) -> Floats:
    top = np.clip(probabilities.max(axis=1), 1e-9, 1 - 1e-9)
    return np.asarray(np.log(top / (1 - top)))


def _sigmoid(values: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-np.clip(values, -500, 500))))


def _posterior(logits: Floats, right: Floats) -> tuple[Floats, Floats]:
    """Mean and covariance of intercept and slope: Newton's method, Laplace's approximation."""
    columns, mean = np.column_stack([np.ones_like(logits), logits]), _PRIOR_MEAN.copy()
    for _ in range(50):
        chance = _sigmoid(columns @ mean)
        gradient = columns.T @ (right - chance) - _PRIOR_PRECISION @ (mean - _PRIOR_MEAN)
        precision = (columns * (chance * (1 - chance))[:, None]).T @ columns + _PRIOR_PRECISION
        step = np.linalg.solve(precision, gradient)
        mean = mean + step
        if np.abs(step).max() < 1e-9:
            break
    return mean, np.linalg.inv(precision)
