"""From all rounds of a run to one `labels.jsonl`, which says of each label who gave it."""

from __future__ import annotations

from aws_lambda_powertools.metrics import MetricUnit

from domain.labeling.rounds.collect import collect_rounds
from domain.workflow.inputs import LabelOutput
from domain.workflow.states import CollectRoundsRequest
from lambdas.shared.entry import entry, logger, metrics
from lambdas.shared.variables import BucketVariables, LedgerVariables


class Variables(BucketVariables, LedgerVariables):
    """Nothing of its own."""


@entry(CollectRoundsRequest, Variables)
def handler(request: CollectRoundsRequest, variables: Variables) -> LabelOutput:
    output = collect_rounds(request, variables.store, variables.ledger)
    if output.assist:
        metrics.add_metric("ObjectsAsked", MetricUnit.Count, output.assist.asked)
        metrics.add_metric("ObjectsLabeledByMachine", MetricUnit.Count, output.assist.machine)
    logger.info("rounds collected", extra={"counts": output.counts.model_dump(), "classes": output.classes})
    return output
