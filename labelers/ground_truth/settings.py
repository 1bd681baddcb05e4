"""The environment variables from which a function knows how to make labeling jobs."""

from __future__ import annotations

from adapters.environment import Environment
from labelers.ground_truth.labeling_job import JobSettings


class LabelingSettings(Environment):
    data_bucket: str
    workteam_arn: str
    labeling_role_arn: str
    job_name_prefix: str
    stage: str
    aws_region: str

    def job_settings(self) -> JobSettings:
        return JobSettings(
            region=self.aws_region,
            workteam=self.workteam_arn,
            role=self.labeling_role_arn,
            job_prefix=self.job_name_prefix,
            stage=self.stage,
        )
