"""Confident learning finds labels that were flipped, and leaves those alone that are right."""

from __future__ import annotations

import numpy as np
import pytest

from domain.errors import InvalidInput
from learning.label_issues import find_label_issues, in_doubt

CLASSES = np.array(["cat", "dog", "fish"])


def clusters(seed: int, apart: float = 4.0) -> tuple[np.ndarray, np.ndarray]:
    """Three normal distributions in 20 dimensions, and the class of each of 300 points."""
    draw = np.random.default_rng(seed)
    classes = np.arange(300) % 3
    vectors = draw.normal(0, 1, (300, 20))
    vectors[np.arange(300), classes] += apart
    return vectors.astype(np.float32), classes


def test_flipped_labels_are_found_and_others_are_not() -> None:
    vectors, classes = clusters(1)
    flipped = set(range(0, 300, 20))
    labels = [str(CLASSES[(one + (place in flipped)) % 3]) for place, one in enumerate(classes)]
    found = find_label_issues(vectors, labels)
    places = [issue.place for issue in found]
    assert len(flipped & set(places)) >= 0.9 * len(flipped)
    assert len(flipped & set(places)) >= 0.9 * len(places)
    for issue in found:
        assert issue.given == labels[issue.place] != issue.suggested
        if issue.place in flipped:
            assert issue.suggested == CLASSES[classes[issue.place]]
    scores = [issue.score for issue in found]
    assert scores == sorted(scores, reverse=True)
    assert min(scores) > 0.975
    assert found == find_label_issues(vectors, labels)


def test_right_labels_of_classes_that_are_apart_have_no_issue() -> None:
    vectors, classes = clusters(2, apart=8)
    assert find_label_issues(vectors, [str(CLASSES[one]) for one in classes]) == []


def test_where_nothing_can_be_learned_hardly_a_label_is_doubted() -> None:
    """Labels at random: whatever the classifier says, it is not sure of it."""
    draw = np.random.default_rng(3)
    vectors = draw.normal(0, 1, (300, 20)).astype(np.float32)
    assert len(find_label_issues(vectors, list(draw.choice(CLASSES, 300)))) <= 3


def test_a_class_too_small_to_learn_from_is_left_out_and_places_stay_right() -> None:
    vectors, classes = clusters(4)
    labels = ["rare", *(str(CLASSES[one]) for one in classes[1:])]
    labels[10] = str(CLASSES[(classes[10] + 1) % 3])
    found = find_label_issues(vectors, labels)
    assert found[0].place == 10
    assert 0 not in {issue.place for issue in found}


def test_one_class_that_is_large_enough_is_refused() -> None:
    with pytest.raises(InvalidInput, match="no two classes with 5 images or more"):
        find_label_issues(np.zeros((8, 3), np.float32), ["a"] * 6 + ["b"] * 2)


def test_the_confident_joint_counts_off_its_diagonal_what_the_paper_counts() -> None:
    """Northcutt, Jiang and Chuang 2021, equations 1 and 2, by hand: the thresholds are (0.9 + 0.5 + 0.1) / 3 = 0.5 and
    (0.8 + 0.6) / 2 = 0.7. The third reaches that of another class; the second reaches its own, the last none."""
    probabilities = np.array([[0.9, 0.1], [0.5, 0.5], [0.1, 0.9], [0.2, 0.8], [0.4, 0.6]])
    given = np.array([0, 0, 0, 1, 1])
    assert in_doubt(probabilities, given).tolist() == [False, False, True, False, False]
