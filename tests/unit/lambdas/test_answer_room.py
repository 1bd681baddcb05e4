"""How large an answer may be, so that an object with all of them fits into one item of the table."""

from __future__ import annotations

import json
from typing import Any

import pytest

from domain.tasks.model import Job, TaskObject
from domain.tasks.parts import Answer, Decision, Review
from lambdas.portal.answers import checked_answer
from portal.work import BadAnswer
from tests.support.builders.tasks import any_job

ELEMENT = "crowd-image-classifier"
MOST = 400_000
"""Bytes of an item: docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html"""


def largest(job: Job) -> dict[str, Any]:
    """The largest answer that is taken, to 100 bytes."""
    item = TaskObject(job=job.name, number=0, source_ref="s3://data/raw/faces/0.jpg", needed=job.needed)
    taken: dict[str, Any] = {}
    for size in range(0, 500_000, 100):
        try:
            taken = checked_answer(job, item, {ELEMENT: {"label": "open", "note": "x" * size}})
        except BadAnswer:
            return taken
    return pytest.fail("any answer is taken")


def test_all_answers_of_an_object_and_a_reviewers_guess_and_decision_fit_into_its_item() -> None:
    job = any_job(needed=1, ask_again_below=0.9, most_workers=2)
    content = largest(job)
    answers = {
        f"private.{n}": Answer(content=content, task=f"0.{n}", accepted=0, submitted=0) for n in range(job.most_workers)
    }
    decision = Decision(reviewer="private.kim", content=content, task="0.9", accepted=0, submitted=0)
    review = Review(guess=content[ELEMENT], told="open", decision=decision)
    item = TaskObject(job=job.name, number=0, source_ref="s3://b/0.jpg", needed=1, answers=answers, review=review)
    assert len(item.model_dump_json().encode()) < MOST


def test_a_job_that_does_not_ask_again_leaves_its_answers_all_the_room() -> None:
    alone = len(json.dumps(largest(any_job(needed=1))))
    assert alone > 350_000
