"""Says within seconds where people label, what this account, Region and bucket can be used for, and why not."""

from __future__ import annotations

from typing import Any

from adapters.clients import client
from adapters.quotas import ServiceQuotas
from domain.labeling.choice import backend_of, check_kept, choose
from domain.labeling.manifest.prepare import prepared
from domain.labeling.preflight import Check, passed
from domain.workflow.inputs import AUTO
from domain.workflow.run_cost import Machine
from domain.workflow.states import LabelRun, RunRequest
from lambdas.preflight.bucket_checks import check_cors, check_objects, check_same_region
from lambdas.preflight.cost_check import check_cost
from lambdas.preflight.quota_check import check_quota
from lambdas.shared.entry import entry, logger
from lambdas.shared.variables import LabelerVariables, LedgerVariables


class Variables(LabelerVariables, LedgerVariables):
    aws_region: str
    processing_instance_type: str


@entry(RunRequest, Variables)
def handler(request: RunRequest, variables: Variables) -> dict[str, Any]:
    run = request.run
    backend, looked = _choice(run, variables)
    checks = [
        *looked,
        check_same_region(variables.store, variables.aws_region),
        check_cors(variables.store),
        check_objects(variables.store, run),
        check_quota(ServiceQuotas(client("service-quotas")), variables.processing_instance_type, run.instances),
    ]
    if run.max_cost is not None:
        checks.append(_cost(run, backend, variables))
    logger.info("preflight", extra={"checks": [vars(check) for check in checks]})
    lines = passed(checks)
    kept = variables.ledger.keep_backend(run.dataset, run.run_id, backend)
    if kept != backend:  # another execution of the run was quicker
        check_kept(run, kept, variables.backends)
    return {"checks": lines, "backend": kept}


def _cost(run: LabelRun, backend: str, variables: Variables) -> Check:
    head = variables.ledger.head(run.dataset)
    earlier = variables.ledger.run(run.dataset, head.run_id) if head and head.run_id else None
    history = earlier.result.took if earlier and earlier.result else None
    machine = Machine(variables.processing_instance_type, variables.aws_region)
    return check_cost(run, variables.store, variables.labeler(backend), machine, history)


def _choice(run: LabelRun, variables: Variables) -> tuple[str, list[Check]]:
    kept = variables.ledger.backend(run.dataset, run.run_id)
    if kept is None and prepared(run, variables.store) is not None:
        kept = backend_of(AUTO, variables.backends)  # it began before there was a choice
    return choose(run, kept, variables.backends, lambda name: variables.labeler(name).checks(run.task))
