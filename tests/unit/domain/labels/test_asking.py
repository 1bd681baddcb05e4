"""Who is asked again, and who is for a review."""

from __future__ import annotations

from typing import Any

import pytest

from domain.labels.asking import doubtful
from domain.labels.rows import LabelRow, Vote


def row(source: str, confidence: float | None, workers: int = 3, **fields: Any) -> LabelRow:
    votes = tuple(Vote(worker=f"w{number}", label="a") for number in range(workers))
    labeled = {"status": "labeled", "labels": ("a",), "confidence": confidence}
    return LabelRow(**{"source": source, "source_ref": f"s3://b/{source}", "votes": votes, **labeled, **fields})


NONE = {"status": "unlabeled", "labels": (), "reason": "most found that no label fits"}


def test_the_least_sure_are_asked_first_and_reviewed_at_the_bound() -> None:
    rows = [row("sure", 0.95), row("less", 0.7), row("least", 0.4), row("often", 0.5, workers=5), row("edge", 0.9)]
    found = doubtful(rows, below=0.9, most_workers=5)
    assert found.again == ("least", "less")
    assert found.review == ("often",)


def test_votes_without_a_label_are_the_greatest_doubt_and_no_votes_none() -> None:
    rows = [row("doubt", 0.1), row("split", None, **NONE), row("nobody", None, workers=0, **NONE)]
    assert doubtful(rows, 0.5, 4).again == ("split", "doubt")


def test_known_answers_and_those_of_a_machine_are_nobodys_to_answer_again() -> None:
    rows = [row("gold", 0.1, decided_by="gold"), row("machine", 0.1, method="machine")]
    assert doubtful(rows, 0.5, 4) == doubtful([], 0.5, 4)


def test_a_vote_that_does_not_count_is_none() -> None:
    votes = (Vote(worker="a", label="a"), Vote(worker="b", label="a", counted=False))
    assert doubtful([row("o", 0.2, votes=votes)], 0.5, 2).again == ("o",)


@pytest.mark.parametrize(("below", "most"), [(1.1, 3), (-0.1, 3), (0.5, 0)])
def test_what_is_no_confidence_is_refused(below: float, most: int) -> None:
    with pytest.raises(ValueError, match="a confidence lies in 0 to 1"):
        doubtful([], below, most)
