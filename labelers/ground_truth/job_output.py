"""What a labeling job leaves in S3, read with the suspicion that it deserves.

Formats: https://docs.aws.amazon.com/sagemaker/latest/dg/sms-data-output.html
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

from domain.jsonlines import lines_of
from domain.labeling.port import Answer
from domain.labels.rows import Vote

_RESPONSE_KEY = re.compile(r"/annotations/worker-response/iteration-\d+/(\d+)/[^/]+\.json$")


def read_output_manifest(text: str, attribute: str, known: frozenset[str]) -> tuple[dict[str, Answer], int]:
    """Answers by source URI, and how many rows were ignored: unreadable, unknown, or of an object seen before."""
    answers: dict[str, Answer] = {}
    ignored = 0
    for _, line in lines_of(text):
        row = _json_object(line)
        source = row.get("source-ref")
        if not isinstance(source, str) or source not in known or source in answers:
            ignored += 1
            continue
        answer = _answer(row, attribute)
        if answer is not None:
            answers[source] = answer
    return answers, ignored


def is_response(key: str) -> bool:
    return _RESPONSE_KEY.search(key) is not None


def read_responses(
    files: Iterable[tuple[str, str]], element: str, sources: Sequence[str]
) -> dict[str, tuple[Vote, ...]]:
    """Votes by source URI from (key, text) of worker-response files, which name the object by its manifest line.

    A worker who answered the same object again counts with the last answer.
    """
    votes: dict[str, dict[str, tuple[str, str]]] = {}
    for key, text in files:
        match = _RESPONSE_KEY.search(key)
        if match is None or int(match.group(1)) >= len(sources):
            continue
        by_worker = votes.setdefault(sources[int(match.group(1))], {})
        for submitted, worker, label in _votes(text, element):
            if worker not in by_worker or by_worker[worker][0] <= submitted:
                by_worker[worker] = (submitted, label)
    return {
        source: tuple(Vote(worker=worker, label=label) for worker, (_, label) in sorted(by_worker.items()))
        for source, by_worker in votes.items()
    }


def _answer(row: Mapping[str, Any], attribute: str) -> Answer | None:
    """None for an object that came back as it went in. The label's own value may be 0 or "0": `class-name` tells it."""
    metadata = row.get(f"{attribute}-metadata")
    if not isinstance(metadata, dict):
        return Answer(None, reason=f"the answer has no {attribute}-metadata") if attribute in row else None
    if metadata.get("failure-reason"):
        return Answer(None, reason=f"Ground Truth could not label it: {metadata['failure-reason']}")
    name = metadata.get("class-name")
    if not isinstance(name, str):
        return Answer(None, reason="the answer's metadata has no class-name")
    method: Literal["human", "machine"] = "machine" if metadata.get("human-annotated") == "no" else "human"
    return Answer(name, _confidence(metadata.get("confidence")), method)


def _confidence(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value <= 1:
        return None
    return float(value)


def _votes(text: str, element: str) -> Iterable[tuple[str, str, str]]:
    """(submission time, worker, label) of each readable answer of one file."""
    answers = _json_object(text).get("answers")
    for answer in answers if isinstance(answers, list) else []:
        content = answer.get("answerContent") if isinstance(answer, dict) else None
        chosen = content.get(element) if isinstance(content, dict) else None
        label = chosen.get("label") if isinstance(chosen, dict) else None
        worker = answer.get("workerId") if isinstance(answer, dict) else None
        if isinstance(label, str) and isinstance(worker, str):
            yield str(answer.get("submissionTime", "")), worker, label


def _json_object(text: str) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}
