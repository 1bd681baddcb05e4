"""Whether one way to train is better than another, by cross-validation on one set of examples."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.stats import t
from sklearn.model_selection import StratifiedGroupKFold

from learning.probe import Classes

Places = NDArray[np.intp]


class Gain(NamedTuple):
    """Mean of paired differences, and its interval."""

    mean: float
    low: float
    high: float

    @property
    def helps(self) -> bool:
        """Whether the whole interval is above 0."""
        return self.low > 0


class Judged(NamedTuple):
    """Of one outer fold: the way that the inner folds chose, its score, and the score of each way."""

    chosen: int
    score: float
    scores: tuple[float, ...]


def corrected_interval(differences: Sequence[float], test_share: float, confidence: float = 0.95) -> Gain:
    """Of differences by fold of repeated cross-validation, `test_share` of the examples in each test fold.

    The training sets of folds and repetitions overlap, so the usual standard error would be far too small: Nadeau and
    Bengio, "Inference for the Generalization Error", Machine Learning 52, 2003, add n_test / n_train to 1 / J; for
    repeated folds Bouckaert and Frank, PAKDD 2004. Student's t with J - 1 degrees of freedom.
    """
    values = np.asarray(differences, np.float64)
    mean, count = float(values.mean()), len(values)
    if count < 2:
        return Gain(mean, -np.inf, np.inf)
    error = np.sqrt(values.var(ddof=1) * (1 / count + test_share / (1 - test_share)))
    half = float(t.ppf((1 + confidence) / 2, count - 1) * error)
    return Gain(mean, mean - half, mean + half)


def folds(classes: Classes, groups: Places, count: int, seed: int) -> list[tuple[Places, Places]]:
    """(training, test) of each fold: a group's members together, classes in proportion."""
    split = StratifiedGroupKFold(count, shuffle=True, random_state=seed)
    return [(train, test) for train, test in split.split(np.zeros(len(classes)), classes, groups)]


def balanced_accuracy(found: Classes, classes: Classes) -> float:
    """The mean, over the classes that there are, of the share that is found."""
    right = found == classes
    return float(np.mean([right[classes == one].mean() for one in np.unique(classes)]))


def nested(
    fit: Callable[[int, Places, Places], float],
    ways: int,
    outer: tuple[Places, Places],
    inner: Sequence[tuple[Places, Places]],
) -> Judged:
    """One outer fold of nested cross-validation (Varma and Simon, BMC Bioinformatics 7, 2006).

    `fit(way, train, test)` gives a score of places of the examples; `inner` are folds of the places in `outer[0]`. The
    way of the best mean inner score is chosen, the first one of equals; the outer test fold, which decides nothing,
    judges it.
    """
    train, test = outer
    means = [np.mean([fit(way, train[some], train[rest]) for some, rest in inner]) for way in range(ways)]
    chosen = int(np.argmax(np.round(means, 9)))
    scores = tuple(fit(way, train, test) for way in range(ways))
    return Judged(chosen, scores[chosen], scores)
