"""Writes what the labeling job reads: input manifest, label categories and the workers' page."""

from __future__ import annotations

from aws_lambda_powertools.metrics import MetricUnit

from domain.labeling.prepare import prepare
from domain.workflow.states import BuiltManifest, RunRequest
from lambdas.shared.entry import entry, logger, metrics
from lambdas.shared.variables import LabelerVariables


@entry(RunRequest, LabelerVariables)
def handler(request: RunRequest, variables: LabelerVariables) -> BuiltManifest:
    page = variables.labeler_of(request.run).page(request.run.task)
    built = prepare(request.run, page, variables.store)
    metrics.add_metric("ObjectsRejected", MetricUnit.Count, built.rejected)
    metrics.add_metric("LabelsReused", MetricUnit.Count, built.reused)
    logger.info(
        "manifest built", extra={"accepted": built.accepted, "rejected": built.rejected, "reused": built.reused}
    )
    return built
