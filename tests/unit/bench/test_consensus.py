"""What the docs say of consensus holds on one simulated job: five workers, two right six times of ten, ten classes."""

from __future__ import annotations

import pytest

from bench.consensus import ASKED, AT_MOST, crowd, likeliest, limit, majority, one


def test_where_workers_have_habits_the_estimate_gains_more_than_five_points() -> None:
    found = one(600, "own", 1)
    assert found["dawid_skene"] > found["majority"] + 0.05
    assert found["worker_error"] < 0.03
    assert found["asked_again"] <= AT_MOST
    assert found["after_asking_again"] >= 0.99 * found["after_asking_all_again"]


def test_where_they_have_none_it_comes_near_the_limit_of_what_votes_can_tell() -> None:
    found = one(600, "any", 1)
    assert found["majority"] < found["dawid_skene"] <= found["limit"] + 0.01
    assert found["limit"] < found["majority"] + 0.05
    assert found["worker_error"] < 0.03
    assert found["after_asking_again"] >= 0.99 * found["after_asking_all_again"]


def test_the_limit_is_bayes_with_the_true_confusion() -> None:
    made = crowd(300, "own", 2, (1.0, 0.6, 0.6))
    votes = made.first(dict.fromkeys(made.truth, ASKED))
    assert limit(made, votes) == dict(made.truth)  # one of them is never wrong
    assert made.right(majority(votes)) < 1


def test_of_two_alike_the_first_is_the_likeliest() -> None:
    assert likeliest({"o": [0.2, 0.4, 0.4]}) == {"o": 1}


def test_workers_are_right_as_often_as_they_should_be() -> None:
    made = crowd(3_000, "common", 3)
    right = [made.answers[name]["w3"] == truth for name, truth in made.truth.items()]
    assert sum(right) / len(right) == pytest.approx(0.6, abs=0.03)
