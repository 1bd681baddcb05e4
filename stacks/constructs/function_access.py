"""What each workflow function may do, by its folder: only what its handler calls."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from constructs import Construct

from stacks.constructs.statements import allow, arn, pass_role
from stacks.naming import Names

_CREATE_JOB = ("CreateLabelingJob", "DescribeLabelingJob", "AddTags")


@dataclass(frozen=True)
class Resources:
    """What the workflow functions work on."""

    bucket: s3.IBucket
    ledger: dynamodb.ITable
    key: kms.IKey | None
    labeling_role: iam.IRole
    workteam_arn: str


class FunctionAccess:
    """Gives the statements of a folder; `of` a folder that it does not know fails at synth."""

    def __init__(self, scope: Construct, names: Names, resources: Resources) -> None:
        self._scope = scope
        self._names = names
        self._resources = resources
        labeling_jobs = [arn(scope, "sagemaker", f"labeling-job/{names.job_prefix}*")]
        self._jobs = labeling_jobs
        self._statements = {
            "validate_input": [*self._read("recipes/*"), *self._ledger("GetItem", "PutItem")],
            "preflight": self._preflight(),
            "build_manifest": [*self._list("raw/*"), *self._read("raw/*", "labeling/*"), *self._write("labeling/*")],
            "start_labeling": self._start_labeling(),
            "poll_labeling": [allow("sagemaker", ["DescribeLabelingJob"], labeling_jobs)],
            "stop_labeling": [allow("sagemaker", ["DescribeLabelingJob", "StopLabelingJob"], labeling_jobs)],
            "collect_labels": self._collect_labels(),
            "begin_augmentation": self._begin_augmentation(),
            "publish_version": self._publish_version(),
            "end_augmentation": self._ledger("GetItem", "PutItem", "UpdateItem", "DeleteItem", "Query"),
        }

    def of(self, folder: str) -> Sequence[iam.PolicyStatement]:
        return self._statements[folder]

    def _preflight(self) -> list[iam.PolicyStatement]:
        return [
            allow("sagemaker", ["ListLabelingJobs", "ListWorkforces", "DescribeWorkforce"], ["*"]),
            allow("sagemaker", ["DescribeWorkteam"], [self._resources.workteam_arn]),
        ]

    def _start_labeling(self) -> list[iam.PolicyStatement]:
        return [
            allow("sagemaker", _CREATE_JOB, self._jobs),
            pass_role(self._resources.labeling_role.role_arn, "sagemaker.amazonaws.com"),
            *self._read("labeling/*"),
            *self._write("labeling/*"),
            *self._ledger("GetItem", "PutItem", "UpdateItem"),
        ]

    def _collect_labels(self) -> list[iam.PolicyStatement]:
        return [
            allow("sagemaker", ["DescribeLabelingJob"], self._jobs),
            *self._list("labeling/*"),
            *self._read("labeling/*"),
            *self._write("labels/*"),
            *self._ledger("GetItem", "PutItem", "UpdateItem", "Query"),
        ]

    def _begin_augmentation(self) -> list[iam.PolicyStatement]:
        return [
            *self._list("raw/*", "labels/*", "datasets/*"),
            *self._read("recipes/*", "labels/*", "datasets/*", "augmenting/*"),
            *self._write("augmenting/*"),
            *self._ledger("GetItem", "PutItem", "UpdateItem", "DeleteItem", "Query"),
        ]

    def _publish_version(self) -> list[iam.PolicyStatement]:
        bucket = self._resources.bucket
        return [
            *self._list("datasets/*", "augmenting/*"),
            *self._read("datasets/*", "augmenting/*", "labels/*", "recipes/*"),
            *self._write("datasets/*"),
            allow("s3", ["DeleteObject"], [bucket.arn_for_objects("datasets/*")]),
            *self._ledger("GetItem", "PutItem", "UpdateItem", "Query"),
        ]

    def _list(self, *prefixes: str) -> list[iam.PolicyStatement]:
        only = {"StringLike": {"s3:prefix": list(prefixes)}}
        return [allow("s3", ["ListBucket"], [self._resources.bucket.bucket_arn], only)]

    def _read(self, *prefixes: str) -> list[iam.PolicyStatement]:
        bucket, key = self._resources.bucket, self._resources.key
        read = allow("s3", ["GetObject"], [bucket.arn_for_objects(prefix) for prefix in prefixes])
        return [read, *([allow("kms", ["Decrypt"], [key.key_arn])] if key else [])]

    def _write(self, *prefixes: str) -> list[iam.PolicyStatement]:
        bucket, key = self._resources.bucket, self._resources.key
        write = allow("s3", ["PutObject"], [bucket.arn_for_objects(prefix) for prefix in prefixes])
        return [write, *([allow("kms", ["Decrypt", "GenerateDataKey"], [key.key_arn])] if key else [])]

    def _ledger(self, *actions: str) -> list[iam.PolicyStatement]:
        key = self._resources.key
        use = allow("dynamodb", actions, [self._resources.ledger.table_arn])
        return [use, *([allow("kms", ["Decrypt"], [key.key_arn])] if key else [])]
