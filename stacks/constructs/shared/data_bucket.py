"""Buckets with the house's defaults: private, TLS only, encrypted, logged, with an end to everything that piles up."""

from __future__ import annotations

from aws_cdk import Duration
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from constructs import Construct

from stacks.constructs.shared.auto_delete import log_auto_deletion
from stacks.constructs.shared.removal import removal
from stacks.nag import acknowledge
from stacks.settings import Settings


class LogBucket(s3.Bucket):
    """Takes the server access logs of the data bucket."""

    def __init__(self, scope: Construct, identity: str, *, settings: Settings) -> None:
        super().__init__(
            scope,
            identity,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            # Log delivery writes with S3's own keys only.
            encryption=s3.BucketEncryption.S3_MANAGED,
            enforce_ssl=True,
            object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
            lifecycle_rules=[s3.LifecycleRule(expiration=Duration.days(settings.storage.access_log_days))],
            removal_policy=removal(settings),
            auto_delete_objects=not settings.storage.retain,
        )
        acknowledge(self, "S1", "A log bucket that logs itself would never stop.")


class DataBucket(s3.Bucket):
    """Holds images, labels and data sets. CORS lets a worker's browser load the images that Ground Truth signs."""

    def __init__(
        self, scope: Construct, identity: str, *, settings: Settings, logs: s3.IBucket, key: kms.IKey | None
    ) -> None:
        super().__init__(
            scope,
            identity,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            encryption=s3.BucketEncryption.KMS if key else s3.BucketEncryption.S3_MANAGED,
            encryption_key=key,
            bucket_key_enabled=True if key else None,
            enforce_ssl=True,
            versioned=True,
            object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
            server_access_logs_bucket=logs,
            server_access_logs_prefix="data/",
            cors=[
                s3.CorsRule(
                    allowed_methods=[s3.HttpMethods.GET],
                    allowed_origins=["*"],
                    exposed_headers=["Access-Control-Allow-Origin"],
                )
            ],
            lifecycle_rules=_lifecycle(settings),
            removal_policy=removal(settings),
            auto_delete_objects=not settings.storage.retain,
        )
        if not settings.storage.retain:
            log_auto_deletion(self, settings)


def _lifecycle(settings: Settings) -> list[s3.LifecycleRule]:
    return [
        s3.LifecycleRule(
            noncurrent_version_expiration=Duration.days(settings.storage.noncurrent_days),
            expired_object_delete_marker=True,
            abort_incomplete_multipart_upload_after=Duration.days(7),
        ),
        s3.LifecycleRule(prefix="augmenting/", expiration=Duration.days(30)),
    ]
