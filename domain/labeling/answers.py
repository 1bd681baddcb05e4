"""From the choices of several people to votes and one answer, for back ends that leave this to us."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from domain.labeling.port import Answer
from domain.labels.rows import Vote
from domain.task_types import task_type
from domain.task_types.model import Choice
from domain.workflow.inputs import LabelingTask


def votes_of(choices: Mapping[str, Choice], suggested: Choice | None = None) -> tuple[Vote, ...]:
    """By worker, in the order of their names; `suggested` is what each of them was shown as a suggestion."""
    shown = None if suggested is None else suggested.labels
    return tuple(Vote(worker=worker, suggested=shown, **_voted(choice)) for worker, choice in sorted(choices.items()))


def choice_of(vote: Vote) -> Choice:
    """The choice that a vote was made of, but for the label that was found wrong."""
    labels = vote.labels if vote.label is None else (vote.label,)
    return Choice(labels, vote.boxes, vote.transcript, vote.record)


def answer_of(choices: Mapping[str, Choice], task: LabelingTask) -> Answer:
    """What the workers' choices come to, as the task type consolidates them."""
    outcome = task_type(task.type).consolidate([choice for _, choice in sorted(choices.items())], task.labels)
    if outcome.choice is None:
        return Answer(None, reason=outcome.reason)
    return Answer(confidence=outcome.confidence, method="human", **_chosen(outcome.choice))


def _chosen(choice: Choice) -> dict[str, Any]:
    """One label stands for itself; of boxes it is the only class."""
    return {**_told(choice), "label": choice.labels[0] if len(choice.labels) == 1 else None, "labels": choice.labels}


def _voted(choice: Choice) -> dict[str, Any]:
    if choice.boxes is None and len(choice.labels) == 1:
        return {**_told(choice), "label": choice.labels[0]}
    return {**_told(choice), "labels": choice.labels}


def _told(choice: Choice) -> dict[str, Any]:
    return {"boxes": choice.boxes, "transcript": choice.transcript, "record": choice.record}
