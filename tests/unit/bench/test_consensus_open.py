"""Simulated boxes and transcripts: weights find more than a count of heads, which finds more than one worker."""

from __future__ import annotations

import pytest

from bench.consensus_open import boxes, figures, transcripts


def test_boxes_by_weight_are_nearer_the_truth_than_those_of_most() -> None:
    found = boxes(150, 1)
    assert found["first F1"] < found["majority F1"] < found["weighed F1"]
    assert found["first overlap"] < found["weighed overlap"]
    assert found["worker_error"] < 0.05


def test_words_by_weight_have_fewer_errors_than_the_text_of_most() -> None:
    found = transcripts(150, 1)
    assert found["weighed"] < found["words"] < found["majority"] < found["first"]
    assert found["worker_error"] < 0.05


def test_the_same_seed_gives_the_same_figures() -> None:
    one, other = (figures(20, 2) for _ in range(2))
    assert one["boxes"].keys() == boxes(20, 0).keys() | {"seconds"}
    for kind in one:
        assert one[kind] | {"seconds": 0} == pytest.approx(other[kind] | {"seconds": 0})
