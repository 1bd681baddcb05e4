"""Writes what the labeling job reads: input manifest, label categories and the workers' page."""

from __future__ import annotations

from aws_lambda_powertools.metrics import MetricUnit

from domain.labeling.prepare import prepare
from domain.workflow.states import BuiltManifest, RunRequest
from lambdas.shared.entry import entry, logger, metrics
from lambdas.shared.variables import LabelerVariables


@entry(RunRequest, LabelerVariables)
def handler(request: RunRequest, variables: LabelerVariables) -> BuiltManifest:
    back_end = variables.back_end
    built = prepare(request.run, back_end.page(request.run.task), variables.store, back_end.max_objects)
    metrics.add_metric("ObjectsRejected", MetricUnit.Count, built.rejected)
    metrics.add_metric("LabelsReused", MetricUnit.Count, built.reused)
    logger.info(
        "manifest built",
        extra={name: getattr(built, name) for name in ("accepted", "rejected", "reused", "left_out")},
    )
    return built
