"""Ground Truth of the local cloud. Importing it registers its operations with the API."""

from localcloud.ground_truth import labeling_job_lists, labeling_jobs, workforces, workteams

__all__ = ["labeling_job_lists", "labeling_jobs", "workforces", "workteams"]
