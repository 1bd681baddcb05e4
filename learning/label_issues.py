"""Labels that are probably wrong, by confident learning on a classifier's out-of-fold probabilities.

Northcutt, Jiang and Chuang, "Confident Learning: Estimating Uncertainty in Dataset Labels", JAIR 70, 2021. A class has
a threshold: the mean probability that the classifier gives it where it was given (equation 2 there). An object whose
probability of another class reaches that class's threshold is counted off the diagonal of the confident joint
(equation 1): its label is in doubt. The classifier is fitted anew without what is in doubt (the paper's "learning with
noisy labels"), made honest by one temperature (Guo et al., "On Calibration of Modern Neural Networks", ICML 2017), and
says of every object how probable its label is: the self-confidence, by which the issues are ranked and cut off. Where
labels are wrong, an honest classifier would learn to expect that; so the temperature is fitted together with a share of
labels that were replaced by any other class (Angluin and Laird, "Learning From Noisy Examples", 1988).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from domain.errors import InvalidInput

FOLDS = 5
DIMENSIONS = 200  # principal components that the classifier sees: as good as all, and four times as fast
STRENGTH = 10.0  # C of the logistic regression: the temperature makes up for one that is too bold
# Measured on 713 photos of clothes with 5 % of the labels flipped (docs/doctor.md): a label that is less probable than
# this is a flipped one in four of five cases.
SELF_CONFIDENCE = 0.025
POWERS = np.geomspace(1 / 64, 8, 57)  # of the probabilities: 1 by the temperature
REPLACED = (0.0, 0.005, 0.01, 0.02, 0.03, 0.05, 0.075, 0.1, 0.15, 0.2)  # shares of wrong labels that are tried

Probabilities = NDArray[np.float64]
"""Objects x classes; a row adds up to 1."""
Places = NDArray[np.intp]


@dataclass(frozen=True)
class LabelIssue:
    """`place` of the object, the label that it has, the one that the classifier would give, and the `score`.

    The score is 1 - self-confidence: how improbable the given label is, 0 to 1.
    """

    place: int
    given: str
    suggested: str
    score: float


def find_label_issues(vectors: NDArray[np.float32], labels: Sequence[str], seed: int = 0) -> list[LabelIssue]:
    """The labels that are probably wrong, the most improbable first. `vectors`: objects x dimensions.

    Objects of classes with fewer than `FOLDS` members are left out: nothing can be learned of them.

    Raises:
        InvalidInput: fewer than two classes are large enough.
        ModuleNotFoundError: scikit-learn is not installed.
    """
    classes, given = np.unique(np.asarray(labels, np.str_), return_inverse=True)
    counts = np.bincount(given, minlength=len(classes))
    kept = np.flatnonzero(counts[given] >= FOLDS)
    if np.count_nonzero(counts >= FOLDS) < 2:
        raise InvalidInput(f"there are no two classes with {FOLDS} images or more each")
    classes, given = np.unique(np.asarray(labels, np.str_)[kept], return_inverse=True)
    probabilities = _probabilities(_principal(vectors[kept]), given, seed)
    own = probabilities[np.arange(len(given)), given]
    suggested = probabilities.argmax(axis=1)
    found = np.flatnonzero((own < SELF_CONFIDENCE) & (suggested != given))
    return [
        LabelIssue(int(kept[one]), str(classes[given[one]]), str(classes[suggested[one]]), float(1 - own[one]))
        for one in found[np.argsort(own[found], kind="stable")]
    ]


def _probabilities(features: NDArray[np.float32], given: Places, seed: int) -> Probabilities:
    """Out of fold, of a classifier that did not learn from the labels that it had put in doubt itself."""
    everything = np.ones(len(given), np.bool)
    first = _out_of_fold(features, given, everything, seed)
    return _honest(_out_of_fold(features, given, ~in_doubt(first, given), seed), given)


def in_doubt(probabilities: Probabilities, given: Places) -> NDArray[np.bool]:
    """Whether each object is off the diagonal of the confident joint."""
    classes = range(probabilities.shape[1])
    thresholds = np.array([probabilities[given == one, one].mean() for one in classes])
    confident = np.where(probabilities >= thresholds, probabilities, -1.0)
    return np.asarray((confident.max(axis=1) >= 0) & (confident.argmax(axis=1) != given), np.bool)


def _out_of_fold(features: NDArray[np.float32], given: Places, trusted: NDArray[np.bool], seed: int) -> Probabilities:
    """Each row of a classifier that never saw the object; it learns from the trusted ones only."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import StratifiedKFold

    found = np.zeros((len(given), int(given.max()) + 1))
    for others, fold in StratifiedKFold(FOLDS, shuffle=True, random_state=seed).split(features, given):
        learned = _with_every_class(others, given, trusted)
        model: Any = LogisticRegression(C=STRENGTH, max_iter=300).fit(features[learned], given[learned])
        found[fold] = model.predict_proba(features[fold])
    return found


def _with_every_class(others: Places, given: Places, trusted: NDArray[np.bool]) -> Places:
    """The trusted ones; of a class with none of them, all."""
    lost = np.setdiff1d(given[others], given[others[trusted[others]]])
    return others[trusted[others] | np.isin(given[others], lost)]


def _honest(probabilities: Probabilities, given: Places) -> Probabilities:
    """With the temperature, and the share of replaced labels, that make the given labels most likely."""
    logs = np.log(np.maximum(probabilities, 1e-12))
    logs -= logs.max(axis=1, keepdims=True)
    rows, others = np.arange(len(given)), probabilities.shape[1] - 1

    def at(power: float) -> Probabilities:
        raised = np.exp(power * logs)
        return np.asarray(raised / raised.sum(axis=1, keepdims=True), np.float64)

    def surprise(own: Probabilities, replaced: float) -> float:
        seen = (1 - replaced) * own + replaced / others * (1 - own)
        return float(-np.log(np.maximum(seen, 1e-12)).mean())

    tried = ((power, at(power)[rows, given]) for power in POWERS)
    best = min((round(surprise(own, replaced), 9), power) for power, own in tried for replaced in REPLACED)
    return at(best[1])


def _principal(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """The principal components of most variance; their signs and order matter to nobody."""
    centered = vectors.astype(np.float64) - vectors.mean(axis=0, dtype=np.float64)
    if centered.shape[1] <= DIMENSIONS:
        return np.asarray(centered, np.float32)
    if len(centered) <= centered.shape[1]:  # the smaller of two products that have the same variances
        variances, places = np.linalg.eigh(centered @ centered.T)
        components = places * np.sqrt(np.maximum(variances, 0))
    else:
        components = centered @ np.linalg.eigh(centered.T @ centered)[1]
    return np.asarray(components[:, : -DIMENSIONS - 1 : -1], np.float32)
