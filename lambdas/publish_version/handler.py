"""Puts the parts of all instances together and makes the version visible, whole or not at all."""

from __future__ import annotations

from aws_lambda_powertools.metrics import MetricUnit

from domain.augmenting.publish import publish
from domain.workflow.inputs import AugmentOutput
from domain.workflow.run_cost import Machine
from domain.workflow.states import PublishRequest
from lambdas.shared.entry import entry, logger, metrics
from lambdas.shared.variables import BucketVariables, LedgerVariables


class Variables(BucketVariables, LedgerVariables):
    """What the jobs run on, and where."""

    processing_instance_type: str
    aws_region: str


@entry(PublishRequest, Variables)
def handler(request: PublishRequest, variables: Variables) -> AugmentOutput:
    machine = Machine(variables.processing_instance_type, variables.aws_region)
    output = publish(request.begun, variables.ledger, variables.store, machine, request.times)
    metrics.add_metric("ImagesPublished", MetricUnit.Count, output.outputs)
    metrics.add_metric("ImagesQuarantined", MetricUnit.Count, output.quarantined)
    logger.info("version published", extra={"version": output.version, "outputs": output.outputs})
    return output
