"""Starts the labeling job, or finds the one that this run has started before."""

from __future__ import annotations

from domain.workflow.states import LabelingJob, StartRequest
from lambdas.shared.entry import entry, logger
from lambdas.shared.variables import LabelerVariables


@entry(StartRequest, LabelerVariables)
def handler(request: StartRequest, variables: LabelerVariables) -> LabelingJob:
    job = variables.labeler_of(request.run).start(request.run, request.manifest)
    logger.info("labeling job runs", extra={"job": job.name, "created_here": job.created_here})
    return job
