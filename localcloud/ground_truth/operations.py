"""Importing this module registers Ground Truth's operations with the SageMaker API."""

from localcloud.ground_truth import labeling_job_lists, labeling_jobs, workforces, workteams

__all__ = ["labeling_job_lists", "labeling_jobs", "workforces", "workteams"]
