"""What Label Studio can be asked, by the task type: labeling configuration, tasks, suggestions and answers."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from typing import Any

from domain.errors import InvalidInput
from domain.task_types import task_type
from domain.task_types.model import Choice
from domain.task_types.suggested import suggested_choice
from domain.workflow.inputs import LabelingTask
from labelers.label_studio.questions.boxes import BOXES
from labelers.label_studio.questions.classes import IS_IT_RIGHT, ONE_OF_IMAGE, ONE_OF_TEXT, SEVERAL_OF_IMAGE
from labelers.label_studio.questions.model import Part, Question, names_a_field, text
from labelers.label_studio.questions.record import RECORD
from labelers.label_studio.questions.transcript import TRANSCRIPT

QUESTIONS: dict[str, Question] = {
    "audio-transcript": TRANSCRIPT,
    "image-bounding-box": BOXES,
    "image-label-verification": IS_IT_RIGHT,
    "image-multi-label": SEVERAL_OF_IMAGE,
    "image-single-label": ONE_OF_IMAGE,
    "record-review": RECORD,
    "text-single-label": ONE_OF_TEXT,
}
SUGGESTED_BY = "kempelen"
"""The predictions' `model_version`."""


def question_of(task: LabelingTask) -> Question:
    """Raises InvalidInput: this back end cannot ask the question."""
    if task.type not in QUESTIONS:
        raise InvalidInput(
            f"task.type: {task.type!r} cannot be asked in Label Studio; it can be: {', '.join(sorted(QUESTIONS))}"
        )
    return QUESTIONS[task.type]


def labeling_config(task: LabelingTask) -> str:
    """Raises InvalidInput: this back end cannot ask the question, or cannot offer a label."""
    question = question_of(task)
    for label in task.labels:
        if names_a_field(label):
            raise InvalidInput(
                f"task.labels: {label!r} has a $ at its beginning or before a letter or digit, which Label Studio "
                "takes for the name of a field; rename it"
            )
    return f"<View>\n  <Header value={text(task.question)}/>\n{question.body(task)}</View>\n"


def instructions(task: LabelingTask) -> str:
    """As HTML that is nothing but the text, the full ones below the short ones."""
    told = "\n\n".join(filter(None, (task.instructions, task.full_instructions)))
    return html.escape(told).replace("\n", "<br>")


def predictions(task: LabelingTask, given: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What is suggested of an object with these fields of its own: one prediction or none."""
    result = question_of(task).suggestion(task, given)
    return [{"model_version": SUGGESTED_BY, "result": result}] if result else []


def suggested(task: LabelingTask, given: Mapping[str, Any]) -> Choice | None:
    """What whoever accepts the prediction has chosen; None where there is none."""
    return suggested_choice(task_type(task.type), given, task.labels) if predictions(task, given) else None


def choice_of(result: Sequence[Part], kind: str, labels: Sequence[str], given: Mapping[str, Any]) -> Choice | None:
    """What an annotation's result says, in a task of this kind; None if it is no answer to the question."""
    question = QUESTIONS[kind]
    value = question.value(result, given) if result or question.empty else None
    try:
        return None if value is None else task_type(kind).read(value, labels, given)
    except ValueError:
        return None
