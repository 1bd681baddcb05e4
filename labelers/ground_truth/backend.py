"""Ground Truth as one of the labeling back ends, made from the environment of a function."""

from __future__ import annotations

from adapters.clients import client
from adapters.environment import Environment
from domain.workflow.ports import ObjectStore
from labelers.ground_truth.labeling_job import GroundTruthLabeler, JobSettings


class Variables(Environment):
    """What every labeling job of a stage has in common; a stage without a key of its own has no `volume_key_arn`."""

    workteam_arn: str
    labeling_role_arn: str
    job_name_prefix: str
    stage: str
    automated_labeling: bool
    volume_key_arn: str
    aws_region: str


def make(store: ObjectStore) -> GroundTruthLabeler:
    """Raises InvalidSettings when a variable is missing."""
    given = Variables.load()
    settings = JobSettings(
        region=given.aws_region,
        workteam=given.workteam_arn,
        role=given.labeling_role_arn,
        job_prefix=given.job_name_prefix,
        stage=given.stage,
        automated=given.automated_labeling,
        volume_key=given.volume_key_arn,
    )
    return GroundTruthLabeler(client("sagemaker"), store, settings)
