"""Takes the lease and freezes what the processing job reads, or says that there is nothing to do."""

from __future__ import annotations

import time

from aws_lambda_powertools.metrics import MetricUnit

from adapters.clients import client
from adapters.executions import StepFunctionsExecutions
from domain.augmenting.begin import Beginning, begin
from domain.workflow.run_cost import Machine
from domain.workflow.states import AugmentBegun, BeginRequest
from lambdas.shared.entry import entry, logger, metrics
from lambdas.shared.variables import BucketVariables, LedgerVariables


class Variables(BucketVariables, LedgerVariables):
    """`embedding_model`: the key of the stage's own ONNX model, empty where it has none."""

    augment_state_machine_arn: str
    job_name_prefix: str
    embedding_model: str
    processing_instance_type: str
    aws_region: str


@entry(BeginRequest, Variables)
def handler(request: BeginRequest, variables: Variables) -> AugmentBegun:
    executions = StepFunctionsExecutions(client("stepfunctions"), variables.augment_state_machine_arn)
    given = Beginning(
        variables.ledger,
        variables.store,
        executions,
        variables.job_name_prefix,
        time.time(),
        variables.embedding_model,
        Machine(variables.processing_instance_type, variables.aws_region),
    )
    begun = begin(request.run, given)
    metrics.add_metric("RunsWithoutWork", MetricUnit.Count, int(begun.outcome != "start"))
    logger.info("augmentation begins", extra=begun.model_dump(include={"outcome", "version", "token"}))
    return begun
