"""The probe on soft labels against scikit-learn's logistic regression, which takes them as weighted copies."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from learning.features import Projection, power_normalized
from learning.soft_probe import SoftProbe


@pytest.fixture
def data() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(1)
    classes = rng.integers(0, 3, 120)
    features = rng.normal(size=(3, 6))[classes] + rng.normal(size=(120, 6))
    return features, classes, rng.uniform(0.2, 2, 120)


def test_hard_labels_give_what_scikit_learn_gives(data: tuple[np.ndarray, ...]) -> None:
    features, classes, weights = data
    own = SoftProbe(features, np.eye(3)[classes], weights, strength=0.5)
    peer = LogisticRegression(C=0.5, tol=1e-8, max_iter=1000).fit(features, classes, sample_weight=weights)
    assert pytest.approx(peer.coef_, abs=5e-3) == own.coefficients[:-1].T
    assert (own.classes(features) == peer.predict(features)).all()


def test_soft_labels_are_a_weighted_copy_for_each_class(data: tuple[np.ndarray, ...]) -> None:
    features, classes, weights = data
    other, share = (classes + 1) % 3, np.linspace(0, 1, 120)
    soft = share[:, None] * np.eye(3)[classes] + (1 - share[:, None]) * np.eye(3)[other]
    own = SoftProbe(features, soft, weights, strength=0.5)
    twice = np.concatenate([features, features]), np.concatenate([classes, other])
    peer = LogisticRegression(C=0.5, tol=1e-8, max_iter=1000).fit(
        *twice, sample_weight=np.concatenate([weights * share, weights * (1 - share)])
    )
    assert pytest.approx(peer.coef_, abs=5e-3) == own.coefficients[:-1].T


def test_where_it_starts_decides_nothing(data: tuple[np.ndarray, ...]) -> None:
    features, classes, weights = data
    first = SoftProbe(features, np.eye(3)[classes], np.ones(120))
    cold = SoftProbe(features, np.eye(3)[classes], weights)
    warm = SoftProbe(features, np.eye(3)[classes], weights, start=first)
    assert warm.coefficients == pytest.approx(cold.coefficients, abs=0.02)
    assert (warm.classes(features) == cold.classes(features)).all()


def test_a_projection_is_fitted_to_some_and_then_the_same_for_all() -> None:
    vectors = np.random.default_rng(2).normal(size=(40, 12))
    projection = Projection(vectors[:30], 5)
    features = projection.of(vectors)
    assert features.shape == (40, 5)
    assert features[:30].mean(axis=0) == pytest.approx(np.zeros(5), abs=1e-9)
    assert (features[:30] ** 2).sum(axis=1).mean() == pytest.approx(1)
    assert (projection.of(vectors[30:]) == features[30:]).all()
    together = np.corrcoef(features[:30].T)
    assert together == pytest.approx(np.eye(5), abs=1e-6)
    assert np.linalg.norm(power_normalized(vectors), axis=1) == pytest.approx(np.ones(40))
