"""What each workflow function may do, by its folder: only what its handler calls."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_iam as iam
from constructs import Construct

from stacks.constructs.shared.access import ANY, BucketAccess, Permission, arn, pass_role, use_key
from stacks.naming import Names

_BY_RUN = "Keys hold the names of data set and run, which exist only at run time."
_BY_INPUT = "The execution's input names the key."
_BY_START = "An execution's name is given when it starts; the machine is exact."
_BY_JOB = "A job's name holds data set and run; the stage's prefix is exact."


@dataclass(frozen=True)
class Resources:
    """What the workflow functions work on."""

    data: BucketAccess
    ledger: dynamodb.ITable
    labeling_role: iam.IRole
    workteam_arn: str | None


def function_permissions(scope: Construct, names: Names, resources: Resources) -> dict[str, list[Permission]]:
    """By folder of the function."""
    jobs = [arn(scope, "sagemaker", f"labeling-job/{names.job_prefix}*")]
    augmentations = arn(scope, "states", f"execution:{names.machine('augment')}:*")
    return {
        **_labeling(resources, jobs),
        **_waiting(scope, names, resources, jobs),
        **_augmentation(resources, augmentations),
    }


def _labeling(resources: Resources, jobs: Sequence[str]) -> dict[str, list[Permission]]:
    data, describe = resources.data, _jobs(jobs, "DescribeLabelingJob")
    return {
        "validate_input": [
            *data.find(),
            *data.read("*", why=_BY_INPUT),
            *data.write("recipes/frozen/*", why="Its content names the key."),
        ],
        "preflight": _preflight(resources),
        "build_manifest": [
            *data.find(),
            *data.read("labeling/*", "labels/*", why=_BY_RUN),
            *data.write("labeling/*", why=_BY_RUN),
        ],
        "start_labeling": [
            _jobs(jobs, "AddTags", "CreateLabelingJob", "DescribeLabelingJob"),
            pass_role(resources.labeling_role, "sagemaker.amazonaws.com"),
        ],
        "poll_labeling": [describe],
        "stop_labeling": [_jobs(jobs, "DescribeLabelingJob", "StopLabelingJob")],
        "collect_labels": [
            describe,
            *data.find(),
            *data.read("labeling/*", why=_BY_RUN),
            *data.write("labels/*", why=_BY_RUN),
            *_ledger(resources, "PutItem"),
        ],
    }


def _waiting(scope: Construct, names: Names, resources: Resources, jobs: Sequence[str]) -> dict[str, list[Permission]]:
    """Between the end of a labeling job and the execution that waits for it."""
    data, machine = resources.data, names.machine("label")
    describe = _jobs(jobs, "DescribeLabelingJob")
    wake = Permission("states", ["SendTaskSuccess"], [arn(scope, "states", f"stateMachine:{machine}")])
    executions = Permission(
        "states", ["DescribeExecution"], [arn(scope, "states", f"execution:{machine}:*")], _BY_START
    )
    keep = [
        *data.find(),
        *data.read("labeling/*", why=_BY_RUN),
        *data.write("labels/*", why=_BY_RUN),
        *_ledger(resources, "GetItem", "PutItem"),
    ]
    return {
        "await_labeling": [describe, wake, *_ledger(resources, "PutItem")],
        "labeling_ended": [describe, wake, executions, *keep],
        "execution_ended": [_jobs(jobs, "DescribeLabelingJob", "StopLabelingJob"), wake, executions, *keep],
    }


def _preflight(resources: Resources) -> list[Permission]:
    workteam = [resources.workteam_arn] if resources.workteam_arn else []
    return [
        Permission("sagemaker", ["ListLabelingJobs"], ANY, "Lists know no resources."),
        Permission("servicequotas", ["ListServiceQuotas"], ANY, "Lists know no resources."),
        *[Permission("sagemaker", ["DescribeWorkteam"], [arn]) for arn in workteam],
        Permission("s3", ["GetBucketCORS"], [resources.data.bucket.bucket_arn]),
        *resources.data.find(),
    ]


def _augmentation(resources: Resources, executions: str) -> dict[str, list[Permission]]:
    data = resources.data
    return {
        "begin_augmentation": [
            *data.find(),
            *data.read("*", why=_BY_INPUT),
            *data.write("augmenting/*", "datasets/*/_SUCCESS", why=_BY_RUN),
            *_ledger(resources, "GetItem", "PutItem", "UpdateItem"),
            Permission("states", ["DescribeExecution"], [executions], _BY_START),
        ],
        "publish_version": [
            *data.find(),
            *data.read("augmenting/*", "datasets/*", why=_BY_RUN),
            *data.write("datasets/*", why=_BY_RUN),
            *data.delete("datasets/*/parts/*", why=_BY_RUN),
            *_ledger(resources, "ConditionCheckItem", "GetItem", "PutItem"),
        ],
        "end_augmentation": _ledger(resources, "GetItem", "PutItem", "UpdateItem"),
    }


def _jobs(jobs: Sequence[str], *actions: str) -> Permission:
    return Permission("sagemaker", actions, jobs, _BY_JOB)


def _ledger(resources: Resources, *actions: str) -> list[Permission]:
    return [Permission("dynamodb", actions, [resources.ledger.table_arn]), *use_key(resources.data.key)]
