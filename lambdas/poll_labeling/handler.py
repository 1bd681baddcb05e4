"""One look at the labeling job."""

from __future__ import annotations

from domain.workflow.states import JobRequest, LabelingProgress
from lambdas.shared.entry import entry, logger
from lambdas.shared.variables import LabelerVariables


@entry(JobRequest, LabelerVariables)
def handler(request: JobRequest, variables: LabelerVariables) -> LabelingProgress:
    progress = variables.labeler_of(request.run).progress(request.job.name)
    logger.info("labeling progress", extra={"job": request.job.name, **progress.model_dump()})
    return progress
