"""Whether a machine can be had for what people label."""

from __future__ import annotations

from typing import Protocol

from adapters.quotas import Quota
from domain.errors import AwsError
from domain.labeling.preflight import Check

NAME = "machine quota"


class Quotas(Protocol):
    """The part of Service Quotas that the preflight asks."""

    def processing_instances(self, instance_type: str) -> Quota | None: ...


def check_quota(quotas: Quotas, instance_type: str, instances: int) -> Check:
    """What cannot be looked up keeps nobody from labeling: SageMaker itself has the last word."""
    try:
        quota = quotas.processing_instances(instance_type)
    except AwsError as error:
        return Check(NAME, True, f"not looked up, which is no obstacle: {error}")
    if quota is None:
        return Check(NAME, True, f"Service Quotas lists none for {instance_type} in processing jobs")
    if quota.value >= instances:
        return Check(NAME, True, f"{quota.value:.0f} x {instance_type} for processing jobs")
    more = f"request-service-quota-increase --service-code sagemaker --quota-code {quota.code}"
    return Check(
        NAME,
        False,
        f'the quota "{quota.name}" is {quota.value:.0f} and the run needs {instances}, so no image could be augmented. '
        f"Ask for more: `aws service-quotas {more} --desired-value {instances}`; or set processing.instance_type to a "
        "type that the account may use",
    )
