"""Features, out-of-fold probabilities, and the accuracy that is promised for what the machine labels."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binomtest
from sklearn.decomposition import PCA
from sklearn.neighbors import NearestNeighbors

from domain.errors import InvalidInput
from learning.audit import CHANCE, Audit
from learning.features import NEIGHBOR_SHARE, NEIGHBORS, Floats, prepare_features
from learning.probe import Probe, numbered, out_of_fold
from learning.trust import Trust


def blobs(count: int, seed: int = 0) -> tuple[Floats, np.ndarray]:
    rng = np.random.default_rng(seed)
    classes = rng.integers(0, 3, count)
    return rng.normal(0, 1, (count, 5)) + 2 * np.eye(5)[classes], classes


def test_features_are_scikit_learns_components_and_neighbors() -> None:
    rows, _ = blobs(60)
    roots = np.sign(rows) * np.sqrt(np.abs(rows))
    reduced = PCA(3, svd_solver="full").fit_transform(roots / np.linalg.norm(roots, axis=1, keepdims=True))
    found = NearestNeighbors(n_neighbors=NEIGHBORS + 1, metric="cosine").fit(reduced).kneighbors(reduced)[1]
    expected = (1 - NEIGHBOR_SHARE) * reduced + NEIGHBOR_SHARE * reduced[found[:, 1:]].mean(axis=1)
    ours = prepare_features(rows, dimensions=3)
    assert np.mean(np.sum(ours**2, axis=1)) == pytest.approx(1)
    ratio = np.linalg.norm(expected) / np.linalg.norm(ours)
    assert np.abs(ours @ ours.T * ratio**2 - expected @ expected.T).max() < 1e-6  # whatever the axes' signs


def test_features_of_few_equal_or_no_vectors_are_finite() -> None:
    for rows in (np.ones((20, 4)), np.eye(3), np.zeros((0, 4))):
        assert np.isfinite(prepare_features(rows)).all()
        assert len(prepare_features(rows)) == len(rows)


def test_vectors_that_are_no_numbers_are_refused() -> None:
    with pytest.raises(InvalidInput, match="finite numbers"):
        prepare_features(np.array([[1.0, np.nan]]))


def test_probabilities_are_of_a_probe_that_has_not_seen_the_row() -> None:
    rows, classes = blobs(100)
    noise = np.random.default_rng(1).permutation(classes)  # nothing to be learned but by heart
    wide = np.random.default_rng(2).normal(0, 1, (100, 200))
    assert (Probe(wide, noise, 3).probabilities(wide).argmax(axis=1) == noise).mean() == 1
    assert (out_of_fold(wide, noise, 3, np.random.default_rng(0)).argmax(axis=1) == noise).mean() < 0.6
    assert (out_of_fold(rows, classes, 3, np.random.default_rng(0)).argmax(axis=1) == classes).mean() > 0.75


def test_a_class_with_one_answer_is_no_fold_of_its_own() -> None:
    rows, classes = blobs(40)
    classes[classes == 2] = 0
    classes[7] = 2
    found = out_of_fold(rows, classes, 3, np.random.default_rng(0))
    assert found.shape == (40, 3)
    assert found[7, 2] < 1e-3  # no probe could know it


def test_labels_are_numbered_by_name() -> None:
    names, classes = numbered(["dog", "cat", "dog"])
    assert names == ["cat", "dog"]
    assert classes.tolist() == [1, 0, 1]


def drawn(count: int, seed: int, power: float) -> tuple[Floats, np.ndarray]:
    """Two-class probabilities, and answers that are right with the chance whose logit is `power` times theirs."""
    rng = np.random.default_rng(seed)
    logits = rng.uniform(0, 8, count)
    top = 1 / (1 + np.exp(-logits))
    return np.column_stack([top, 1 - top]), rng.random(count) < 1 / (1 + np.exp(-power * logits))


@pytest.mark.parametrize("power", [0.6, 1.0])
def test_the_bound_holds_more_often_than_not_for_an_overconfident_probe_too(power: float) -> None:
    missed = 0
    for seed in range(40):
        asked, right = drawn(400, seed, power)
        pool, truth = drawn(4000, 1000 + seed, power)
        accepted = Trust(asked, right, pool).accept(pool, 0.97, 0.9)
        assert accepted.bound >= 0.97
        missed += bool((~truth[accepted.rows]).sum() > 0.03 * len(accepted.rows))
    assert missed <= 13  # without a bound half of them; binomial, n = 40, p = 0.5: so few have a chance of 2 %


def test_more_is_accepted_for_less() -> None:
    asked, right = drawn(400, 0, 1.0)
    trust = Trust(asked, right, asked)
    sizes = [len(trust.accept(asked, target, 0.75).rows) for target in (0.9, 0.97, 0.99, 0.9999)]
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[0] > sizes[2] > 0
    assert sizes[3] < len(asked)


def test_an_audit_misses_as_the_binomial_test_says() -> None:
    for checked in (0, 1, 5, 20, 150):
        for wrong in range(min(checked, 6) + 1):
            value = binomtest(wrong, checked, 0.01, alternative="greater").pvalue if checked else 1.0
            assert Audit(checked, wrong, 0.99).missed == (value < CHANCE)
