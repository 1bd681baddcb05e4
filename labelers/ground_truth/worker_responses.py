"""What each worker answered, as a labeling job leaves it in S3.

The format: docs.aws.amazon.com/sagemaker/latest/dg/sms-data-output.html, "Annotations directory".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from domain.task_types import task_type
from domain.task_types.model import Choice
from domain.workflow.inputs import LabelingTask
from labelers.ground_truth.job_output import json_object

_RESPONSE_KEY = re.compile(r"/annotations/worker-response/iteration-\d+/(\d+)/[^/]+\.json$")


def is_response(key: str) -> bool:
    return _RESPONSE_KEY.search(key) is not None


def read_responses(
    files: Iterable[tuple[str, str]], task: LabelingTask, objects: Sequence[tuple[str, Mapping[str, Any]]]
) -> tuple[dict[str, dict[str, Choice]], int]:
    """Choices by object's URI and worker, and how many answers were none that the task's page can give.

    `files` are (key, text) of worker-response files, which name an object by its line of the input manifest; `objects`
    are those lines' URIs, with what else they say. A worker who answered an object again counts with the last answer.
    """
    kind = task_type(task.type)
    found: dict[str, dict[str, tuple[str, Choice]]] = {}
    unreadable = 0
    for key, text in files:
        match = _RESPONSE_KEY.search(key)
        if match is None or int(match.group(1)) >= len(objects):
            continue
        source, given = objects[int(match.group(1))]
        by_worker = found.setdefault(source, {})
        for submitted, worker, content in _answers(text):
            try:
                choice = kind.choice(content, task.labels, given)
            except ValueError:
                unreadable += 1
                continue
            if worker not in by_worker or by_worker[worker][0] <= submitted:
                by_worker[worker] = (submitted, choice)
    choices = {
        source: {worker: choice for worker, (_, choice) in by_worker.items()} for source, by_worker in found.items()
    }
    return choices, unreadable


def _answers(text: str) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """(submission time, worker, form) of each answer of one file."""
    answers = json_object(text).get("answers")
    for answer in answers if isinstance(answers, list) else []:
        content = answer.get("answerContent") if isinstance(answer, dict) else None
        worker = answer.get("workerId") if isinstance(answer, dict) else None
        if isinstance(content, dict) and isinstance(worker, str):
            yield str(answer.get("submissionTime", "")), worker, content
