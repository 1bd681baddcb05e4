"""The roles that the workflows hand to SageMaker: one reads images for labelers, one runs the processing job."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_s3_assets as s3_assets
from constructs import Construct

from stacks.constructs.statements import allow, arn, service_principal
from stacks.nag import acknowledge

_WRITE_LOGS = ("CreateLogGroup", "CreateLogStream", "DescribeLogStreams", "PutLogEvents")


def labeling_role(scope: Construct, *, bucket: s3.IBucket) -> iam.Role:
    """Ground Truth assumes it: reads images and manifests, writes answers beside the manifest, calls AWS's own Lambdas."""
    role = iam.Role(
        scope,
        "LabelingRole",
        assumed_by=service_principal("sagemaker.amazonaws.com"),
        description="Ground Truth labeling jobs",
    )
    bucket.grant_read(role)
    bucket.grant_put(role, "labeling/*")
    role.add_to_policy(_logs(scope, "LabelingJobs"))
    acknowledge(role, "IAM5", "Object keys and log streams are made at run time.", findings=["Resource::*"])
    return role


def processing_role(scope: Construct, *, bucket: s3.IBucket, assets: Sequence[s3_assets.Asset]) -> iam.Role:
    """The augmentation job assumes it: reads images and its frozen inputs, writes one version. Custom transforms run with it."""
    role = iam.Role(
        scope,
        "ProcessingRole",
        assumed_by=service_principal("sagemaker.amazonaws.com"),
        description="Augmentation processing jobs",
    )
    bucket.grant_read(role)
    bucket.grant_put(role, "datasets/*")
    for asset in assets:
        asset.grant_read(role)
    role.add_to_policy(_logs(scope, "ProcessingJobs"))
    role.add_to_policy(
        allow("cloudwatch", ["PutMetricData"], ["*"], {"StringLike": {"cloudwatch:namespace": "/aws/sagemaker/*"}})
    )
    return role


def _logs(scope: Construct, kind: str) -> iam.PolicyStatement:
    return allow("logs", _WRITE_LOGS, [arn(scope, "logs", f"log-group:/aws/sagemaker/{kind}*")])
