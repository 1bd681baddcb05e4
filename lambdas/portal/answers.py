"""What a task's page is about, and what of its form is kept."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from domain.task_types import task_type
from domain.task_types.suggested import SUGGESTION, suggestion_of
from domain.tasks.model import Job, TaskObject
from portal.work import BadAnswer

_ROOM = 360_000
"""Bytes for all answers to an object: they lie with the object in one item of DynamoDB, which has at most 400 KB."""


def task_input(job: Job, given: Mapping[str, Any], source_ref: str) -> dict[str, Any]:
    """What the page is about. A suggestion that could be no answer is none."""
    kind = task_type(job.type)
    shown = given["source"] if kind.content == "text" else source_ref
    told = {**given, "taskObject": shown, "labels": list(job.labels)}
    told.pop(SUGGESTION, None)
    suggestion = suggestion_of(kind, given, job.labels)
    return told if suggestion is None else {**told, SUGGESTION: suggestion}


def checked_answer(job: Job, item: TaskObject, content: dict[str, Any]) -> dict[str, Any]:
    """The one value that counts of a form. Raises BadAnswer."""
    kind = task_type(job.type)
    try:
        kind.choice(content, job.labels, item.given)
    except ValueError as error:
        raise BadAnswer(str(error)) from error
    kept = {kind.element: content[kind.element]}
    # One that asks again also has room for what the votes come to, as the reviewer sees it, and for her decision.
    answers = job.needed if job.ask_again_below is None else job.most_workers + 2
    size, most = len(json.dumps(kept, ensure_ascii=False).encode("utf-8", "replace")), _ROOM // answers
    if size > most:
        raise BadAnswer(f"The answer has {size:,} bytes; of {answers} for one object each may have {most:,}.")
    return kept
