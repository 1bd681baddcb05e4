"""The roles that the workflows hand to SageMaker: one reads images for workers, one runs the processing job."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import Aws
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_s3_assets as s3_assets
from constructs import Construct

from stacks.constructs.shared.access import (
    ANY,
    BucketAccess,
    Permission,
    arn,
    attach_volumes,
    pass_role,
    permit,
    service_principal,
    use_key,
)

_WRITE_LOGS = ("CreateLogGroup", "CreateLogStream", "DescribeLogStreams", "PutLogEvents")
_PULL = ("BatchCheckLayerAvailability", "BatchGetImage", "GetDownloadUrlForLayer")
_ANY_PREFIX = "The images of a run lie under the prefix that its input names."


def labeling_role(scope: Construct, *, data: BucketAccess, volume_key: kms.IKey | None, automated: bool) -> iam.Role:
    """Ground Truth assumes it to read manifest and images, and to write answers beside the manifest.

    `automated`: it may also run the jobs that train and apply a model, "Automated Data Labeling Permission
    Requirements", https://docs.aws.amazon.com/sagemaker/latest/dg/sms-security-permission-execution-role.html, whose
    disks `volume_key` encrypts: https://docs.aws.amazon.com/sagemaker/latest/dg/sms-security-kms-permissions.html
    """
    # Without aws:SourceAccount, which AWS documents for Studio and Processing but not for Ground Truth.
    principal = iam.ServicePrincipal("sagemaker.amazonaws.com")
    role = iam.Role(scope, "LabelingRole", assumed_by=principal, description="Ground Truth labeling jobs")
    permit(
        role,
        [
            *data.find(),
            *data.locate(),
            *data.read("*", why=_ANY_PREFIX),
            *data.write("labeling/*", why="Ground Truth names the files of a job."),
            *_logs_and_metrics(scope, "LabelingJobs"),
            *(_automated(scope, role, volume_key) if automated else ()),
        ],
    )
    return role


def _automated(scope: Construct, role: iam.Role, volume_key: kms.IKey | None) -> list[Permission]:
    grant = [*use_key(volume_key), *attach_volumes(volume_key)]
    logs = [_logs_and_metrics(scope, kind)[0] for kind in ("TrainingJobs", "TransformJobs")]
    return [pass_role(role, "sagemaker.amazonaws.com"), *grant, *logs]


def processing_role(
    scope: Construct,
    *,
    data: BucketAccess,
    assets: Sequence[s3_assets.Asset],
    repository: str,
    volume_key: kms.IKey | None,
) -> iam.Role:
    """The augmentation job, custom transforms included, assumes it to read images and inputs and to write a version.
    `volume_key` encrypts the disks of its machines."""
    principal = service_principal("sagemaker.amazonaws.com")
    role = iam.Role(scope, "ProcessingRole", assumed_by=principal, description="Augmentation processing jobs")
    permit(
        role,
        [
            *data.find(),
            *data.locate(),
            *data.read("*", why=_ANY_PREFIX),
            *data.write("datasets/*", why="The engine names the files of a version."),
            *data.write("augmenting/*/fingerprints/*", why="Each machine leaves a file of its own there."),
            *data.write("assist/*", why="A job leaves what it decides in the folder of its run."),
            *(_read_asset(asset) for asset in assets),
            *_logs_and_metrics(scope, "ProcessingJobs"),
            *attach_volumes(volume_key),
        ],
    )
    bucket = assets[0].bucket
    # A processing input is a prefix, even if it is the whole key of one object.
    keys = {"StringLike": {"s3:prefix": [asset.s3_object_key for asset in assets]}}
    permit(
        role,
        [
            Permission("s3", ["ListBucket"], [bucket.bucket_arn], conditions=keys),
            Permission("s3", ["GetBucketLocation"], [bucket.bucket_arn]),
            _read_with_any_key(scope, bucket),
            # "CreateProcessingJob API: Execution Role Permissions",
            # https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html
            Permission("ecr", ["GetAuthorizationToken"], ANY, "A token for a registry knows no resource."),
            Permission("ecr", _PULL, [repository]),
        ],
    )
    return role


def _read_asset(asset: s3_assets.Asset) -> Permission:
    return Permission("s3", ["GetObject"], [asset.bucket.arn_for_objects(asset.s3_object_key)])


def _read_with_any_key(scope: Construct, bucket: s3.IBucket) -> Permission:
    """A bootstrap with `--bootstrap-customer-key` encrypts the asset bucket with a key that no template can name."""
    through_s3 = {
        "StringEquals": {"kms:ViaService": f"s3.{Aws.REGION}.{Aws.URL_SUFFIX}"},
        "StringLike": {"kms:EncryptionContext:aws:s3:arn": f"{bucket.bucket_arn}*"},
    }
    why = "The key of the CDK's asset bucket is nobody's to name; S3 alone may use it, for this bucket."
    return Permission("kms", ["Decrypt"], [arn(scope, "kms", "key/*")], why, through_s3)


def _logs_and_metrics(scope: Construct, kind: str) -> list[Permission]:
    groups = [arn(scope, "logs", f"log-group:/aws/sagemaker/{kind}*")]
    only = {"StringLike": {"cloudwatch:namespace": "/aws/sagemaker/*"}}
    return [
        Permission("logs", _WRITE_LOGS, groups, "SageMaker names log streams after jobs and hosts."),
        Permission("cloudwatch", ["PutMetricData"], ANY, "Metrics know no resources.", only),
    ]
