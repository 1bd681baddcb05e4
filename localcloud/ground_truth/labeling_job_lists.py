"""ListLabelingJobs and ListLabelingJobsForWorkteam."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from localcloud.ground_truth.labeling_jobs import jobs
from localcloud.sagemaker import store
from localcloud.sagemaker.api import Params, operation

# Bound -> (the record's field, must the field be later than the bound?)
_TIME_BOUNDS = {
    "CreationTimeAfter": ("CreationTime", True),
    "CreationTimeBefore": ("CreationTime", False),
    "LastModifiedTimeAfter": ("LastModifiedTime", True),
    "LastModifiedTimeBefore": ("LastModifiedTime", False),
}


@operation("ListLabelingJobs")
def list_labeling_jobs(params: Params) -> Params:
    status = params.get("StatusEquals")
    found = [
        _summary(job)
        for job in list(jobs().values())
        if params.get("NameContains", "").lower() in job["LabelingJobName"].lower()
        and status in (None, job["LabelingJobStatus"])
        and _within(job, params)
    ]
    fields = {"Name": "LabelingJobName", "Status": "LabelingJobStatus"}
    return store.paginate(found, params, "LabelingJobSummaryList", sort=fields)


@operation("ListLabelingJobsForWorkteam")
def list_labeling_jobs_for_workteam(params: Params) -> Params:
    code = params.get("JobReferenceCodeContains", "")
    found = [
        _team_summary(job)
        for job in list(jobs().values())
        if job["HumanTaskConfig"]["WorkteamArn"] == params["WorkteamArn"]
        and code in job["JobReferenceCode"]
        and _within(job, params)
    ]
    return store.paginate(found, params, "LabelingJobSummaryList")


def _summary(job: dict[str, Any]) -> dict[str, Any]:
    task = job["HumanTaskConfig"]
    return {
        **job,
        "WorkteamArn": task["WorkteamArn"],
        "PreHumanTaskLambdaArn": task["PreHumanTaskLambdaArn"],
        "AnnotationConsolidationLambdaArn": task["AnnotationConsolidationConfig"]["AnnotationConsolidationLambdaArn"],
    }


def _team_summary(job: dict[str, Any]) -> dict[str, Any]:
    counters = job["LabelCounters"]
    return {
        "LabelingJobName": job["LabelingJobName"],
        "JobReferenceCode": job["JobReferenceCode"],
        "WorkRequesterAccountId": store.ACCOUNT,
        "CreationTime": job["CreationTime"],
        "NumberOfHumanWorkersPerDataObject": job["HumanTaskConfig"]["NumberOfHumanWorkersPerDataObject"],
        "LabelCounters": {
            "HumanLabeled": counters["HumanLabeled"],
            "PendingHuman": counters["Unlabeled"],
            "Total": counters["HumanLabeled"] + counters["Unlabeled"],
        },
    }


def _within(job: dict[str, Any], params: Params) -> bool:
    for bound, (field, later) in _TIME_BOUNDS.items():
        if bound in params and (job[field] > _seconds(params[bound])) is not later:
            return False
    return True


def _seconds(value: float | str) -> float:
    return datetime.fromisoformat(value).timestamp() if isinstance(value, str) else float(value)
