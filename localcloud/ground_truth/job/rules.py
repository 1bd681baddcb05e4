"""What CreateLabelingJob refuses at once, beyond SageMaker's request model, and when a job has labeled enough."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ministack.services import s3

from localcloud.ground_truth.job.task_types import TaskType, built_in
from localcloud.sagemaker import store
from localcloud.sagemaker.errors import ApiError
from localcloud.sagemaker.roles import require_assumable

MAX_TASK_SECONDS = 28_800
MAX_AVAILABILITY_SECONDS = 30 * 24 * 3600
MAX_CONCURRENT_TASKS = 1_000
_TAKEN_ATTRIBUTES = ("source", "source-ref")


def checked_task_type(params: Mapping[str, Any]) -> TaskType:
    """The task type of an acceptable request. Raises ApiError(ValidationException) that says what AWS would refuse."""
    _check_attribute(params["LabelAttributeName"])
    task = params["HumanTaskConfig"]
    _check_at_most(task, "TaskTimeLimitInSeconds", MAX_TASK_SECONDS)
    _check_at_most(task, "TaskAvailabilityLifetimeInSeconds", MAX_AVAILABILITY_SECONDS)
    _check_at_most(task, "MaxConcurrentTaskCount", MAX_CONCURRENT_TASKS)
    _check_workteam(task)
    require_assumable(params["RoleArn"], of_labeling=True)
    for uri in _uris(params):
        _check_bucket(uri)
    if not task["UiConfig"].get("UiTemplateS3Uri"):
        raise _refused("UiConfig needs UiTemplateS3Uri (HumanTaskUiArn exists for named entities, video, point clouds)")
    if not params["InputConfig"]["DataSource"].get("S3DataSource"):
        raise _refused("InputConfig.DataSource needs S3DataSource; the local cloud has no streaming labeling jobs")
    if params.get("LabelingJobAlgorithmsConfig"):
        raise _refused("the local cloud has no automated labeling; leave LabelingJobAlgorithmsConfig out")
    if not params.get("LabelCategoryConfigS3Uri"):
        raise _refused("LabelCategoryConfigS3Uri is needed for this task type")
    return task_type_of(task)


def _uris(params: Mapping[str, Any]) -> Iterator[str]:
    """Of all that the job reads and writes, as far as they are given."""
    source = params["InputConfig"]["DataSource"].get("S3DataSource", {}).get("ManifestS3Uri")
    template = params["HumanTaskConfig"]["UiConfig"].get("UiTemplateS3Uri")
    given = (source, params["OutputConfig"]["S3OutputPath"], params.get("LabelCategoryConfigS3Uri"), template)
    return (uri for uri in given if uri)


def _check_bucket(uri: str) -> None:
    bucket = uri.removeprefix("s3://").partition("/")[0]
    if bucket not in s3._buckets:
        raise _refused(f"The S3 bucket {bucket} of {uri} does not exist or cannot be reached")


def stopping_condition_met(job: Mapping[str, Any], labeled: int, objects: int) -> bool:
    """Whether a running job has reached one of its StoppingConditions."""
    conditions = job.get("StoppingConditions") or {}
    count = conditions.get("MaxHumanLabeledObjectCount")
    percent = conditions.get("MaxPercentageOfInputDatasetLabeled")
    return (count is not None and labeled >= count) or (percent is not None and labeled * 100 >= percent * objects)


def _check_attribute(name: str) -> None:
    if name in _TAKEN_ATTRIBUTES or name.endswith(("-metadata", "-ref")):
        raise _refused(
            f"LabelAttributeName {name}: it must not end with -metadata or -ref, "
            f"nor be one of {', '.join(_TAKEN_ATTRIBUTES)}"
        )


def _check_at_most(task: Mapping[str, Any], member: str, limit: int) -> None:
    if task.get(member, 0) > limit:
        raise _refused(f"HumanTaskConfig.{member} is {task[member]}; at most {limit} is allowed")


def _check_workteam(task: Mapping[str, Any]) -> None:
    arn = task["WorkteamArn"]
    if "workteam/public-crowd/" in arn or task.get("PublicWorkforceTaskPrice"):
        raise _refused("The public workforce (Mechanical Turk) is closed since 2026-09-30; use a private work team")
    if arn not in {team["WorkteamArn"] for team in store.table("workteam").values()}:
        raise _refused(f"The work team {arn} does not exist")


def task_type_of(task: Mapping[str, Any]) -> TaskType:
    """By its HumanTaskConfig. Raises ApiError(ValidationException): of its functions the local cloud knows nothing."""
    consolidation = (task.get("AnnotationConsolidationConfig") or {}).get("AnnotationConsolidationLambdaArn")
    task_type = built_in(task.get("PreHumanTaskLambdaArn"), consolidation, store.REGION)
    if task_type is None:
        raise _refused(
            f"PreHumanTaskLambdaArn {task.get('PreHumanTaskLambdaArn')} and AnnotationConsolidationLambdaArn "
            f"{consolidation} are no pair of {store.REGION}'s built-in functions that the local cloud knows"
        )
    return task_type


def _refused(message: str) -> ApiError:
    return ApiError("ValidationException", message)
