"""Many answers, one label."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.labels.consolidation import (
    Consolidated,
    chosen_labels,
    image_multi_class,
    image_multi_class_multi_label,
)

VOTES = st.integers(2, 6).flatmap(
    lambda classes: st.tuples(st.lists(st.integers(0, classes - 1), min_size=1, max_size=9), st.just(classes))
)


@pytest.mark.parametrize(
    ("votes", "classes", "expected"),
    [
        ([1], 2, Consolidated(1, 0.0)),
        ([0, 0], 2, Consolidated(0, 0.97)),
        ([1, 1, 1], 2, Consolidated(1, 0.99)),
        ([0, 1, 1], 2, Consolidated(1, 0.85)),
        ([0, 1], 2, Consolidated(0, 0.5)),
        ([2, 1], 3, Consolidated(1, 0.48)),
        ([2, 0, 2], 3, Consolidated(2, 0.91)),
        ([0] * 9, 2, Consolidated(0, 1.0)),
    ],
)
def test_the_posterior_of_workers_who_are_right_in_85_of_100(votes, classes, expected):
    assert image_multi_class(votes, classes) == expected


def test_no_vote_is_no_label():
    with pytest.raises(ValueError, match="at least one vote"):
        image_multi_class([], 2)


@given(VOTES)
def test_the_winner_has_most_votes_and_confidence_lies_between_0_and_1(case):
    votes, classes = case
    label = image_multi_class(votes, classes)
    assert votes.count(label.index) == max(votes.count(index) for index in range(classes))
    assert 0 <= label.confidence <= 1


@given(VOTES, st.randoms())
def test_the_order_of_the_votes_does_not_matter(case, random):
    votes, classes = case
    shuffled = random.sample(votes, len(votes))
    assert image_multi_class(shuffled, classes) == image_multi_class(votes, classes)


@given(VOTES)
def test_one_more_vote_for_the_winner_never_lowers_the_confidence(case):
    votes, classes = case
    before = image_multi_class(votes, classes)
    after = image_multi_class([*votes, before.index], classes)
    assert after.index == before.index
    assert after.confidence >= before.confidence


def test_each_label_that_anybody_chose_is_a_question_of_its_own():
    votes = [("owl", "cat"), ("cat",), ("cat", "owl")]
    assert image_multi_class_multi_label(votes, ["cat", "dog", "owl"]) == {"cat": 0.99, "owl": 0.85}
    assert image_multi_class_multi_label([("cat",), (), ()], ["cat"]) == {"cat": 0.15}
    assert image_multi_class_multi_label([(), ()], ["cat"]) == {}


@given(st.lists(st.sets(st.sampled_from("abc")), min_size=1, max_size=9))
def test_the_labels_that_are_more_likely_than_not_are_those_of_more_than_half(votes):
    confidences = image_multi_class_multi_label(votes, list("abc"))
    most = [label for label in "abc" if 2 * sum(label in chosen for chosen in votes) > len(votes)]
    assert chosen_labels(confidences, len(votes)) == most


def test_one_worker_is_believed_though_her_labels_have_no_confidence():
    confidences = image_multi_class_multi_label([("dog", "cat")], ["cat", "dog"])
    assert confidences == {"cat": 0.0, "dog": 0.0}
    assert chosen_labels(confidences, 1) == ["cat", "dog"]
    assert chosen_labels(confidences, 2) == []
