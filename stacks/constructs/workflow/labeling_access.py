"""What the functions that speak to a labeling back end may do there, by their folders."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from aws_cdk import aws_cognito as cognito
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct

from domain.workflow.names import PORTAL_SOURCE
from stacks.constructs.shared.access import ANY, BucketAccess, Permission, arn, pass_role, use_key
from stacks.naming import Names
from stacks.settings.labeling import LabelingSettings

LabelingAccess = Mapping[str, Sequence[Permission]]
_BY_JOB = "A job's name holds data set and run; the stage's prefix is exact."
_BY_RUN = "Keys hold the names of data set and run, which exist only at run time."


def ground_truth_access(scope: Construct, names: Names, role: iam.IRole, workteam_arn: str | None) -> LabelingAccess:
    """`role` is what labeling jobs get; nobody labels without a workteam."""
    jobs = [arn(scope, "sagemaker", f"labeling-job/{names.job_prefix}*")]

    def may(*actions: str) -> Permission:
        return Permission("sagemaker", actions, jobs, _BY_JOB)

    describe, stop = may("DescribeLabelingJob"), may("DescribeLabelingJob", "StopLabelingJob")
    return {
        "preflight": [
            Permission("sagemaker", ["ListLabelingJobs"], ANY, "Lists know no resources."),
            *([_look_at(workteam_arn)] if workteam_arn else []),
        ],
        "start_labeling": [
            may("AddTags", "CreateLabelingJob", "DescribeLabelingJob"),
            pass_role(role, "sagemaker.amazonaws.com"),
        ],
        "stop_labeling": [stop],
        "execution_ended": [stop],
        **{folder: [describe] for folder in ("await_labeling", "collect_labels", "labeling_ended", "poll_labeling")},
    }


def _look_at(workteam_arn: str) -> Permission:
    vendors = ":workteam/vendor-crowd/" in workteam_arn
    return Permission("sagemaker", ["DescribeSubscribedWorkteam" if vendors else "DescribeWorkteam"], [workteam_arn])


def together(access: Iterable[LabelingAccess]) -> LabelingAccess:
    """What a function may do at several back ends."""
    all_of: dict[str, list[Permission]] = defaultdict(list)
    for one in access:
        for folder, permissions in one.items():
            all_of[folder] += [permission for permission in permissions if permission not in all_of[folder]]
    return all_of


def portal_access(
    scope: Construct, tasks: dynamodb.ITable, key: kms.IKey | None, pool: cognito.IUserPool, data: BucketAccess
) -> LabelingAccess:
    """`tasks` is the table of the portal's jobs, which `key` encrypts; `pool` has the people."""

    def may(*actions: str) -> list[Permission]:
        return [Permission("dynamodb", actions, [tasks.table_arn]), *use_key(key)]

    look = may("GetItem", "PutItem", "Query", "UpdateItem")
    tell = _tell(scope)
    keep = data.write("labeling/*/answers.jsonl", why=_BY_RUN)
    return {
        "preflight": [*may("Query"), Permission("cognito-idp", ["ListUsersInGroup"], [pool.user_pool_arn])],
        "start_labeling": [
            *look,
            *data.read("labeling/*/input.manifest", "labeling/*/gold.jsonl", why=_BY_RUN),
            Permission("cognito-idp", ["ListUsersInGroup"], [pool.user_pool_arn]),
        ],
        "stop_labeling": [*look, tell],
        "execution_ended": [*look, tell, *keep],
        "labeling_ended": [*look, *keep],
        "await_labeling": look,
        "poll_labeling": look,
        "collect_labels": [*look, *keep],
    }


def server_access(scope: Construct, labeling: LabelingSettings, data: BucketAccess) -> LabelingAccess:
    """Of a Label Studio server: the secret with its token and, where we sign the addresses of images, the images."""
    secret = labeling.label_studio_secret or ""
    # Secrets Manager ends an ARN with six characters of its own, and "?" is any one of them.
    exact = secret if secret.startswith("arn:") else arn(scope, "secretsmanager", f"secret:{secret}-??????")
    token = Permission("secretsmanager", ["GetSecretValue"], [exact])
    keep = data.write("labeling/*/answers.jsonl", why=_BY_RUN)
    presigned = labeling.label_studio_images == "presigned"
    shown = data.read("raw/*", "datasets/*/data/*", why="Whatever people are shown lies there.") if presigned else []
    return {
        "preflight": [token],
        "start_labeling": [token, *data.read("labeling/*/input.manifest", why=_BY_RUN), *shown],
        "stop_labeling": [token, _tell(scope)],
        "execution_ended": [token, _tell(scope), *keep],
        "labeling_ended": [token, *keep],
        "await_labeling": [token],
        "poll_labeling": [token],
        "collect_labels": [token, *keep],
        "label_studio_webhook": [token, _tell(scope)],
    }


def _tell(scope: Construct) -> Permission:
    """That a job of ours is over."""
    only = {"StringEquals": {"events:source": PORTAL_SOURCE}}
    return Permission("events", ["PutEvents"], [arn(scope, "events", "event-bus/default")], conditions=only)
