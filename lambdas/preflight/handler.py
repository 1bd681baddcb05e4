"""Says within seconds what this account, Region and bucket can be used for, and why not."""

from __future__ import annotations

from typing import Any

from adapters.clients import client
from adapters.quotas import ServiceQuotas
from domain.labeling.preflight import passed
from domain.workflow.states import RunRequest
from lambdas.preflight.bucket_checks import check_cors, check_objects, check_same_region
from lambdas.preflight.quota_check import check_quota
from lambdas.shared.entry import entry, logger
from lambdas.shared.variables import LabelerVariables


class Variables(LabelerVariables):
    aws_region: str
    processing_instance_type: str


@entry(RunRequest, Variables)
def handler(request: RunRequest, variables: Variables) -> dict[str, Any]:
    checks = [
        *variables.back_end.checks(request.run.task),
        check_same_region(variables.store, variables.aws_region),
        check_cors(variables.store),
        check_objects(variables.store, request.run),
        check_quota(ServiceQuotas(client("service-quotas")), variables.processing_instance_type, request.run.instances),
    ]
    logger.info("preflight", extra={"checks": [vars(check) for check in checks]})
    return {"checks": passed(checks)}
