"""From what a labeling back end gave to `labels.jsonl`: each object exactly once, whatever the back end said."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from domain.labeling.manifest.input_manifest import Manifest, SourceObject
from domain.labeling.port import Answer, LabelingResult
from domain.labels.rows import LABELED, REJECTED, UNLABELED, LabelRow, Vote
from domain.task_types import task_type
from domain.workflow.inputs import LabelingTask

_EARLY = {
    "Stopped": "the job was stopped before it was labeled",
    "Failed": "the job failed before it was labeled",
}
_BECAUSE = {"Completed": "the job completed without a label for it", **_EARLY}


def label_rows(manifest: Manifest, result: LabelingResult, task: LabelingTask, job_status: str) -> Iterator[LabelRow]:
    """One row for each object of `manifest`, accepted objects first, in the manifest's order."""
    for item in manifest.accepted:
        answer, votes = result.answers.get(item.source_ref), result.votes.get(item.source_ref, ())
        yield _row(item, answer, votes, task, job_status)
    for item in manifest.rejected:
        yield LabelRow(source=item.source, source_ref=item.source_ref, status=REJECTED, reason=item.reason)


def ended_early(row: LabelRow) -> bool:
    """Whether the object has no label because its job was over before people had answered."""
    return row.status == UNLABELED and (row.reason or "").startswith(tuple(_EARLY.values()))


def _row(
    item: SourceObject, answer: Answer | None, votes: Sequence[Vote], task: LabelingTask, job_status: str
) -> LabelRow:
    if answer is not None and answer.chosen and set(answer.chosen) <= {*task.labels, *task_type(task.type).own_labels}:
        return LabelRow(
            source=item.source,
            source_ref=item.source_ref,
            status=LABELED,
            label=answer.label,
            labels=answer.chosen,
            boxes=answer.boxes,
            transcript=answer.transcript,
            record=answer.record,
            confidence=answer.confidence,
            votes=tuple(votes),
            method=answer.method,
            box_confidences=answer.box_confidences,
            decided_by=answer.decided_by,
            majority=answer.majority,
            comment=answer.comment,
            group=item.group,
        )
    return LabelRow(
        source=item.source,
        source_ref=item.source_ref,
        status=UNLABELED,
        votes=tuple(votes),
        group=item.group,
        reason=_why_unlabeled(answer, votes, task, job_status),
        **_how_decided(answer),
    )


def _how_decided(answer: Answer | None) -> dict[str, Any]:
    """That an object has no label can be what a consensus is sure of."""
    if answer is None or answer.decided_by is None:
        return {}
    told = {"confidence": answer.confidence, "decided_by": answer.decided_by, "majority": answer.majority}
    return {**told, "comment": answer.comment}


def _why_unlabeled(answer: Answer | None, votes: Sequence[Vote], task: LabelingTask, job_status: str) -> str:
    if answer is not None and answer.chosen:
        return f"the answer {' + '.join(answer.chosen)!r} is none of the task's labels"
    if answer is not None:
        return answer.reason or "the answer holds no label"
    because = _BECAUSE.get(job_status, f"the job ended as {job_status} before it was labeled")
    return f"{because}; {len(votes)} of {task.workers_per_object} workers had answered"
