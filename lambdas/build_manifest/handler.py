"""Writes what the labeling job reads: input manifest, label categories and the workers' page; says what it costs."""

from __future__ import annotations

from aws_lambda_powertools.metrics import MetricUnit

from domain.labeling.cost import priced
from domain.labeling.manifest.prepare import prepare
from domain.workflow.states import BuiltManifest, RunRequest
from lambdas.shared.entry import entry, logger, metrics
from lambdas.shared.variables import LabelerVariables


@entry(RunRequest, LabelerVariables)
def handler(request: RunRequest, variables: LabelerVariables) -> BuiltManifest:
    labeler = variables.labeler_of(request.run)
    written = prepare(request.run, labeler.page(request.run.task), variables.store, labeler.max_objects)
    built = priced(written, request.run.task, labeler)
    metrics.add_metric("ObjectsRejected", MetricUnit.Count, built.rejected)
    metrics.add_metric("LabelsReused", MetricUnit.Count, built.reused)
    counts = {name: getattr(built, name) for name in ("accepted", "rejected", "reused", "left_out")}
    logger.info("manifest built", extra={**counts, "cost": built.cost.model_dump() if built.cost else None})
    return built
