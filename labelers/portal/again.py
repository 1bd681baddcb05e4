"""Which objects of a job whose answers are all in are asked again, and which wait for a reviewer."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from domain.labeling.consensus import is_weighed, reach
from domain.labeling.gold import asked_gold
from domain.labeling.manifest.input_manifest import Manifest, SourceObject
from domain.labeling.port import Answer
from domain.labeling.rows import label_rows
from domain.labels.asking import doubtful
from domain.task_types import task_type
from domain.task_types.model import Choice
from domain.task_types.suggested import as_suggestion
from domain.tasks.again import Plan
from domain.tasks.model import TaskObject
from domain.tasks.parts import Review
from domain.workflow.ports import ObjectStore
from domain.workflow.states import LabelRun
from labelers.portal.answers import result_of

MOST_ANSWERS = 9
"""Of one object: its item of DynamoDB has room for them."""

MOST_OBJECTS = 100_000
"""Of a job that asks again: all its answers are in the function's memory at once, 1.3 GB of 1.7 GB with this many."""


@dataclass(frozen=True)
class People:
    """Who can sign in, by what votes call them, and whether anybody of them reviews."""

    workers: Collection[str]
    reviewers: bool


def plan_of(items: Collection[TaskObject], run: LabelRun, store: ObjectStore, people: People) -> Plan:
    """By the confidence that the labels would have if the run ended now, with all votes of the job.

    An object is asked again as long as there is somebody who has neither answered nor declined it; where nobody
    reviews, it keeps what its votes come to.
    """
    task = run.task
    if task.ask_again_below is None:
        return Plan()
    answered = [item for item in items if item.answers]
    result = result_of(answered, task)
    if is_weighed(task):
        result, _ = reach(result, task, asked_gold(run, store))
    done = {item.source_ref: item for item in answered if item.complete and item.review is None}
    manifest = Manifest([SourceObject(ref, ref) for ref in done])
    found = doubtful(label_rows(manifest, result, task, "Completed"), task.ask_again_below, task.workers_at_most)
    again = frozenset(ref for ref in found.again if _is_anybody_left(done[ref], people.workers))
    review = [ref for ref in (*found.again, *found.review) if ref not in again] if people.reviewers else []
    reviews = {ref: _review(result.answers.get(ref), task.type) for ref in review}
    return Plan(again, reviews, {ref: len(done[ref].answers) for ref in (*again, *reviews)})


def _is_anybody_left(item: TaskObject, workers: Collection[str]) -> bool:
    return len(item.answers) < MOST_ANSWERS and bool(set(workers) - set(item.answers) - item.declined)


def _review(answer: Answer | None, kind: str) -> Review:
    if answer is None or not answer.chosen:
        return Review(confidence=answer.confidence if answer else None)
    asked, choice = task_type(kind), Choice(answer.chosen, answer.boxes, answer.transcript, answer.record)
    return Review(guess=as_suggestion(asked, choice), told=asked.said(choice), confidence=answer.confidence)
