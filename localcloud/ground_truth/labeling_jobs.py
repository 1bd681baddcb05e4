"""CreateLabelingJob, DescribeLabelingJob, StopLabelingJob. There is no DeleteLabelingJob: names are used up."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

from localcloud.ground_truth.job.rules import checked_task_type, task_type_of
from localcloud.ground_truth.job.run import TERMINAL, LabelingRun
from localcloud.sagemaker import clock, outcomes, store
from localcloud.sagemaker.api import Params, operation
from localcloud.sagemaker.errors import ApiError

RUNS = "_labeling-run"
STARTING_SECONDS = 1.0
_UNCOUNTED = {"TotalLabeled": 0, "HumanLabeled": 0, "MachineLabeled": 0, "FailedNonRetryableError": 0, "Unlabeled": 0}
_STOPPABLE = ("Initializing", "InProgress")


def jobs() -> dict[Any, dict[str, Any]]:
    """Records by lower-case name: AWS's names differ by more than case."""
    return store.table("labeling-job")


def runs() -> Iterator[LabelingRun]:
    """Every job's run, oldest first."""
    for holder in list(store.table(RUNS).values()):
        yield holder["run"]


def run(name: str) -> LabelingRun | None:
    holder = store.table(RUNS).get(name.lower())
    return holder["run"] if holder else None


def restore() -> None:
    """Makes the runs of records that were kept: none of these jobs goes on."""
    for key, record in jobs().items():
        if record["LabelingJobStatus"] not in TERMINAL:
            record["LabelingJobStatus"] = "Stopped"
        store.table(RUNS)[key] = {"run": LabelingRun(record, task_type_of(record["HumanTaskConfig"]))}


@operation("CreateLabelingJob")
def create_labeling_job(params: Params) -> Params:
    with store.LOCK:
        name = params["LabelingJobName"]
        key = name.lower()
        if key in jobs():
            raise ApiError(
                "ResourceInUse", f"A labeling job with the name {name} exists already: {jobs()[key]['LabelingJobArn']}"
            )
        task_type = checked_task_type(params)
        record = {
            **params,
            "LabelingJobArn": store.arn("labeling-job", key),
            "LabelingJobStatus": "Initializing",
            "LabelCounters": dict(_UNCOUNTED),
            "JobReferenceCode": uuid.uuid4().hex,
            "CreationTime": clock.now(),
            "LastModifiedTime": clock.now(),
        }
        labeling = LabelingRun(record, task_type)
        jobs()[key] = record
        store.table(RUNS)[key] = {"run": labeling}
        _begin(labeling, outcomes.PLAN.draw("CreateLabelingJob", name))
        return {"LabelingJobArn": record["LabelingJobArn"]}


def _begin(labeling: LabelingRun, outcome: outcomes.Outcome) -> None:
    """A planned failure comes at the start, or, with a delay, in the middle; a delay without a failure starts later."""
    if outcome.reason is None:
        clock.after(STARTING_SECONDS + outcome.delay, labeling.start)
        return
    reason = outcome.reason
    if outcome.delay:
        clock.after(STARTING_SECONDS, labeling.start)
    clock.after(STARTING_SECONDS + outcome.delay, lambda: labeling.fail(reason))


@operation("DescribeLabelingJob")
def describe_labeling_job(params: Params) -> Params:
    labeling = _existing(params["LabelingJobName"])
    with labeling.lock:
        tags = store.table("_tags").get(labeling.record["LabelingJobArn"], {})
        return {**labeling.record, "Tags": [{"Key": key, "Value": value} for key, value in tags.items()]}


@operation("StopLabelingJob")
def stop_labeling_job(params: Params) -> Params:
    labeling = _existing(params["LabelingJobName"])
    status = labeling.record["LabelingJobStatus"]
    if status not in _STOPPABLE:
        raise ApiError(
            "ValidationException", f"The labeling job {params['LabelingJobName']} is {status} and cannot stop"
        )
    labeling.stop()
    return {}


def _existing(name: str) -> LabelingRun:
    labeling = run(name)
    if labeling is None:
        raise ApiError("ResourceNotFound", f"Could not find the labeling job {name}")
    return labeling
