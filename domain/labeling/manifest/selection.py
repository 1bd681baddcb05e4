"""Which of a run's objects people are asked for: all, or a sample; of texts and records, those that can be shown."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import islice
from math import ceil

from domain.labeling.manifest.contents import content_of
from domain.labeling.manifest.input_manifest import line_problem
from domain.labeling.manifest.objects import Objects
from domain.task_types import task_type
from domain.task_types.given import check_given
from domain.workflow.inputs import LabelingTask, Sample
from domain.workflow.ports import ObjectStore
from domain.workflow.s3_uri import S3Uri
from domain.workflow.states import LabelRun

_BATCH = 1000


def select(objects: Objects, run: LabelRun, store: ObjectStore) -> None:
    """Decides about each object that is still open. A sample is drawn from what has no label yet, by the objects'
    names: a larger one of the same seed holds the smaller."""
    wanted = _wanted(run.sample, objects.count())
    drawn = objects.open(None if run.sample is None else run.seed)
    if task_type(run.task.type).content == "address":
        objects.accept(islice(drawn, wanted))
    else:
        _read(objects, drawn, wanted, run.task, store)
    objects.leave_out_the_rest()


def _wanted(sample: Sample | None, found: int) -> int:
    if sample is None:
        return found
    return sample.objects or ceil(found * (sample.percent or 0) / 100)


def _read(objects: Objects, drawn: Iterator[str], wanted: int, task: LabelingTask, store: ObjectStore) -> None:
    """What cannot be shown is rejected, and another one takes its place in a sample."""
    while wanted > 0 and (batch := list(islice(drawn, min(wanted, _BATCH)))):
        keys = (S3Uri(ref).key for ref in batch)
        for ref, (_, data) in zip(batch, store.read_all_bytes(keys), strict=True):
            wanted -= _add_content(ref, data, objects, task)


def _add_content(ref: str, data: bytes, objects: Objects, task: LabelingTask) -> bool:
    """Whether people can be asked about it."""
    kind = task_type(task.type)
    try:
        fields = {**json.loads(objects.given(ref) or "{}"), **content_of(data, kind)}
        check_given(kind, fields, task.labels)
    except ValueError as error:
        objects.reject(ref, str(error))
        return False
    problem = line_problem(ref, fields)
    if problem:
        objects.reject(ref, problem)
        return False
    objects.accept_with(ref, json.dumps(fields))
    return True
