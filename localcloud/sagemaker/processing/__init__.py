"""SageMaker Processing: jobs that really run, one process an instance, on this machine."""

from __future__ import annotations

from localcloud.sagemaker.processing import jobs

__all__ = ["jobs"]
