"""From what the labeling job left to `labels.jsonl`: each object exactly once."""

from __future__ import annotations

from aws_lambda_powertools.metrics import MetricUnit

from domain.labeling.collect import collect
from domain.workflow.inputs import LabelOutput
from domain.workflow.states import CollectRequest
from lambdas.shared.entry import entry, logger, metrics
from lambdas.shared.variables import LabelerVariables, LedgerVariables


class Variables(LabelerVariables, LedgerVariables):
    """Nothing of its own."""


@entry(CollectRequest, Variables)
def handler(request: CollectRequest, variables: Variables) -> LabelOutput:
    output = collect(request, variables.labeler_of(request.run), variables.store, variables.ledger)
    metrics.add_metric("ObjectsLabeled", MetricUnit.Count, output.counts.labeled)
    metrics.add_metric("ObjectsUnlabeled", MetricUnit.Count, output.counts.unlabeled)
    logger.info("labels collected", extra={"counts": output.counts.model_dump(), "classes": output.classes})
    return output
