"""What a state machine says of a Processing job: its image, its machines, its code and its role."""

from __future__ import annotations

from aws_cdk import Stack
from aws_cdk import aws_kms as kms

from stacks.assets import Assets
from stacks.constructs.shared.access import BucketAccess
from stacks.constructs.workflow.job_roles import processing_role
from stacks.constructs.workflow.machine_grants import run_processing_jobs
from stacks.constructs.workflow.state_machine import Substitution
from stacks.naming import Names
from stacks.processing_image import processing_image, processing_repository
from stacks.settings import Settings

NO_KEY = "none"
"""As `workflows/` compare it. A substitution that is empty would be left out of the template."""


def processing_substitutions(
    stack: Stack, *, settings: Settings, assets: Assets, data: BucketAccess, key: kms.IKey | None
) -> dict[str, Substitution]:
    """By the names that `workflows/` has for them. `key` encrypts the machines' disks, where they may be encrypted."""
    engine, wheelhouse = assets.engine(stack), assets.wheelhouse(stack)
    volume_key = key if settings.processing.takes_volume_key else None
    repository = processing_repository(stack.region)
    role = processing_role(stack, data=data, assets=[engine, wheelhouse], repository=repository, volume_key=volume_key)
    values = {
        "DataBucketName": data.bucket.bucket_name,
        "EngineCodeFile": engine.s3_object_key,
        "EngineCodeUri": engine.s3_object_url,
        "ProcessingImageUri": processing_image(stack.region),
        "ProcessingInstanceType": settings.processing.instance_type,
        "ProcessingVolumeKeyArn": volume_key.key_arn if volume_key else NO_KEY,
        "ProcessingVolumeSizeGb": str(settings.processing.volume_gb),
        "Stage": settings.stage,
        "WheelhouseFile": wheelhouse.s3_object_key,
        "WheelhouseUri": wheelhouse.s3_object_url,
    }
    return {
        **{key: Substitution(value) for key, value in values.items()},
        "ProcessingRoleArn": Substitution(role.role_arn, run_processing_jobs(stack, Names(settings.stage), role)),
    }
