"""What people answered in a job of the portal, and what reviewers decided: from its objects to the port's result."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from domain.labeling.answers import answer_of, votes_of
from domain.labeling.port import Answer, LabelingResult
from domain.task_types import task_type
from domain.task_types.model import Choice
from domain.task_types.suggested import SUGGESTION, suggested_choice
from domain.tasks.model import TaskObject
from domain.workflow.inputs import LabelingTask

NONE_FITS = "a reviewer found that no label fits"


def result_of(answered: Sequence[TaskObject], task: LabelingTask) -> LabelingResult:
    """`answered` are the objects that have an answer."""
    kind = task_type(task.type)
    choices = {item.source_ref: _choices(item, task) for item in answered}
    suggested = {item.source_ref: suggested_choice(kind, item.given, task.labels) for item in answered}
    return LabelingResult(
        {ref: answer_of(by_worker, task) for ref, by_worker in choices.items()},
        {ref: votes_of(by_worker, suggested[ref]) for ref, by_worker in choices.items()},
        seconds=_seconds(answered),
        decided={item.source_ref: decided for item in answered if (decided := _decided(item, task))},
    )


def answer_rows(items: Iterable[TaskObject]) -> Iterator[dict[str, object]]:
    """`answers.jsonl`: all answers as they came, then each reviewer's decision."""
    for item in items:
        for worker, answer in sorted(item.answers.items()):
            yield {
                "source_ref": item.source_ref,
                "worker": worker,
                "content": answer.content,
                "accepted": answer.accepted,
                "submitted": answer.submitted,
                **({SUGGESTION: item.given[SUGGESTION]} if item.given.get(SUGGESTION) else {}),
            }
        if item.review is not None and item.review.decision is not None:
            decision = item.review.decision
            yield {
                "source_ref": item.source_ref,
                "reviewer": decision.reviewer,
                "content": decision.content,
                "comment": decision.comment,
                "accepted": decision.accepted,
                "submitted": decision.submitted,
            }


def _choices(item: TaskObject, task: LabelingTask) -> dict[str, Choice]:
    """What each worker chose."""
    kind = task_type(task.type)
    return {worker: kind.choice(answer.content, task.labels, item.given) for worker, answer in item.answers.items()}


def _decided(item: TaskObject, task: LabelingTask) -> Answer | None:
    """What stands above the votes. How sure a reviewer is nobody knows."""
    decision = item.review.decision if item.review else None
    if decision is None:
        return None
    kind, comment = task_type(task.type), decision.comment or None
    chosen = None if decision.content is None else kind.choice(decision.content, task.labels, item.given)
    if chosen is None or not chosen.labels:
        return Answer(None, reason=NONE_FITS, method="human", decided_by="reviewer", comment=comment)
    return Answer(
        chosen.labels[0] if len(chosen.labels) == 1 else None,
        method="human",
        labels=chosen.labels,
        boxes=chosen.boxes,
        transcript=chosen.transcript,
        record=chosen.record,
        decided_by="reviewer",
        comment=comment,
    )


def _seconds(items: Iterable[TaskObject]) -> dict[str, list[float]]:
    """How long each answer took, by worker."""
    found = defaultdict[str, list[float]](list)
    for item in items:
        for worker, answer in item.answers.items():
            found[worker].append(answer.submitted - answer.accepted)
    return dict(found)
