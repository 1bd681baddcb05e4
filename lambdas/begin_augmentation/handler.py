"""Takes the lease and freezes what the processing job reads, or says that there is nothing to do."""

from __future__ import annotations

import time

from aws_lambda_powertools.metrics import MetricUnit

from domain.augmenting.begin import Beginning, begin
from domain.workflow.states import AugmentBegun, BeginRequest
from lambdas.shared.entry import entry, logger, metrics
from lambdas.shared.variables import BucketVariables, LedgerVariables


class Variables(BucketVariables, LedgerVariables):
    job_name_prefix: str


@entry(BeginRequest, Variables)
def handler(request: BeginRequest, variables: Variables) -> AugmentBegun:
    begun = begin(request.run, Beginning(variables.ledger, variables.store, variables.job_name_prefix, time.time()))
    metrics.add_metric("RunsWithoutWork", MetricUnit.Count, int(begun.outcome != "start"))
    logger.info("augmentation begins", extra=begun.model_dump(include={"outcome", "version", "token"}))
    return begun
