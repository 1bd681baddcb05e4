"""Comparisons by cross-validation: intervals by hand, folds that keep groups, a choice that its judge has not seen."""

from __future__ import annotations

import math
import statistics

import numpy as np
import pytest
from scipy.stats import t

from learning.compare import Gain, balanced_accuracy, corrected_interval, folds, nested


def test_the_interval_is_that_of_nadeau_and_bengio() -> None:
    differences = [0.01, 0.03, 0.02, 0.06, -0.01, 0.04, 0.02, 0.0, 0.03, 0.05]
    gain = corrected_interval(differences, 1 / 5)
    error = math.sqrt(statistics.variance(differences) * (1 / 10 + 0.2 / 0.8))
    assert gain.mean == pytest.approx(0.025)
    assert gain.high - gain.mean == pytest.approx(t.ppf(0.975, 9) * error)
    assert gain.mean - gain.low == pytest.approx(gain.high - gain.mean)
    naive = t.ppf(0.975, 9) * statistics.stdev(differences) / math.sqrt(10)
    assert gain.high - gain.mean > 1.8 * naive


def test_a_gain_helps_only_if_its_whole_interval_is_above_nothing() -> None:
    assert Gain(0.02, 0.001, 0.04).helps
    assert not Gain(0.02, 0.0, 0.04).helps
    assert not corrected_interval([0.0] * 5, 0.2).helps
    assert not corrected_interval([0.5], 0.2).helps


def test_the_interval_covers_nothing_in_19_of_20_comparisons_of_equals() -> None:
    """Two ways that differ by chance only; training sets overlap as in ten repetitions of five folds."""
    rng, missed = np.random.default_rng(5), 0
    for _ in range(200):
        labels, ways = rng.random(200), rng.random((2, 200))
        right = ways < 0.7 + 0.1 * (labels[None] - 0.5)
        differences = []
        for _ in range(10):
            parts = np.split(rng.permutation(200), 5)
            differences += [float(right[0][part].mean() - right[1][part].mean()) for part in parts]
        gain = corrected_interval(differences, 0.2)
        missed += not gain.low <= 0 <= gain.high
    assert missed <= 20


def test_folds_keep_groups_together_and_classes_in_proportion() -> None:
    classes = np.repeat([0, 0, 0, 1], 25)
    groups = np.arange(100) // 2
    seen: list[int] = []
    for train, test in folds(classes, groups, 5, seed=3):
        assert not set(groups[train]) & set(groups[test])
        assert 3 <= (classes[test] == 1).sum() <= 7
        seen += test.tolist()
    assert sorted(seen) == list(range(100))
    assert [test.tolist() for _, test in folds(classes, groups, 5, seed=3)] != [
        test.tolist() for _, test in folds(classes, groups, 5, seed=4)
    ]


def test_balanced_accuracy_weighs_classes_alike() -> None:
    classes = np.array([0] * 9 + [1])
    assert balanced_accuracy(np.zeros(10, int), classes) == 0.5
    assert balanced_accuracy(classes, classes) == 1


def test_inner_folds_choose_and_the_outer_fold_only_judges() -> None:
    places = np.arange(30)
    outer = places[:20], places[20:]
    inner = [(np.arange(10), np.arange(10, 20)), (np.arange(10, 20), np.arange(10))]
    asked: list[tuple[int, set[int]]] = []

    def fit(way: int, train: np.ndarray, test: np.ndarray) -> float:
        asked.append((way, {*train.tolist(), *test.tolist()}))
        judges = test.min() >= 20
        return [0.5, 0.7, 0.1][way] if not judges else [0.6, 0.4, 0.9][way]

    judged = nested(fit, 3, outer, inner)
    assert judged == (1, 0.4, (0.6, 0.4, 0.9))
    assert all(seen == set(range(20)) for _, seen in asked[:6])


def test_of_equal_ways_the_first_is_chosen() -> None:
    one = np.arange(4)
    assert nested(lambda *_: 0.5, 3, (one, one), [(one, one)]).chosen == 0
