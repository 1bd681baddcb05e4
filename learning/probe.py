"""A linear probe: multinomial logistic regression on an embedding's features."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from learning.features import Floats

STRENGTH = 10.0
"""scikit-learn's C; the features have a mean square length of 1. Between 5 and 50 it matters little."""
FOLDS = 5
_ABSENT = 1e-6  # the probability of a class that a fold has not seen

Classes = NDArray[np.intp]


class Probe:
    """Fitted to n x d features and n class numbers of at least two kinds."""

    def __init__(self, features: Floats, classes: Classes, count: int) -> None:
        self._count = count
        self._model = LogisticRegression(C=STRENGTH, max_iter=200, tol=1e-3).fit(features, classes)

    def probabilities(self, features: Floats) -> Floats:
        """m x `count`; a class that no answer has is nearly impossible."""
        found = np.full((len(features), self._count), _ABSENT)
        if len(features):
            found[:, self._model.classes_] = self._model.predict_proba(features)
        return found


def out_of_fold(features: Floats, classes: Classes, count: int, rng: np.random.Generator) -> Floats:
    """n x `count` probabilities, each row by a probe that was fitted without it; folds are stratified by class."""
    order = rng.permutation(len(classes))
    order = order[np.argsort(classes[order], kind="stable")]
    fold = np.empty(len(classes), np.intp)
    fold[order] = np.arange(len(classes)) % FOLDS
    found = np.full((len(classes), count), _ABSENT)
    for one in range(FOLDS):
        held, others = fold == one, fold != one
        if held.any() and len(np.unique(classes[others])) > 1:
            found[held] = Probe(features[others], classes[others], count).probabilities(features[held])
    return found


def numbered(labels: Sequence[str]) -> tuple[list[str], Classes]:
    """The labels' names in order, and the number of each label's name."""
    names, classes = np.unique(np.array(labels, np.str_), return_inverse=True)
    return [str(name) for name in names], np.asarray(classes, np.intp)
