"""A linear probe that learns of soft labels: multinomial logistic regression, each row with a share of every class."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from learning.features import Floats
from learning.probe import STRENGTH

ITERATIONS, TOLERANCE = 200, 1e-3


class SoftProbe:
    """Fitted to n x d features, n x k shares, whose rows add up to 1, and n weights.

    It minimizes sum(weight * cross-entropy) + |W|² / (2 C), as scikit-learn's LogisticRegression does, which takes a
    row for each class with the share as its weight for the same. `start`: another one of the same d and k, from whose
    coefficients it begins; that saves time and decides no more than `TOLERANCE`.
    """

    def __init__(
        self,
        features: Floats,
        shares: Floats,
        weights: Floats,
        start: SoftProbe | None = None,
        strength: float = STRENGTH,
    ) -> None:
        size, classes = features.shape[1] + 1, shares.shape[1]

        def loss(flat: Floats) -> tuple[float, Floats]:
            coefficients = flat.reshape(size, classes)
            scores = features @ coefficients[:-1] + coefficients[-1]
            scores -= scores.max(axis=1, keepdims=True)
            powers = np.exp(scores)
            total = powers.sum(axis=1, keepdims=True)
            surprise = float(weights @ (np.log(total[:, 0]) - (shares * scores).sum(axis=1)))
            over = weights[:, None] * (powers / total - shares)
            gradient = np.concatenate([features.T @ over + coefficients[:-1] / strength, [over.sum(axis=0)]])
            return surprise + float((coefficients[:-1] ** 2).sum()) / (2 * strength), gradient.ravel()

        begin = np.zeros(size * classes) if start is None else start.coefficients.ravel()
        options = {"maxiter": ITERATIONS, "gtol": TOLERANCE, "ftol": 1e-9}
        found = minimize(loss, begin, jac=True, method="L-BFGS-B", options=options)
        self.coefficients: Floats = np.asarray(found.x, np.float64).reshape(size, classes)

    def classes(self, features: Floats) -> NDArray[np.intp]:
        """The likeliest class of each of m rows."""
        return np.asarray((features @ self.coefficients[:-1] + self.coefficients[-1]).argmax(axis=1), np.intp)
