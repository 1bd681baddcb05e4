"""Quotas of SageMaker in this account and Region."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from adapters.aws_errors import translated


@dataclass(frozen=True)
class Quota:
    """`code` is that by which more is asked for, `value` in instances."""

    name: str
    code: str
    value: float


class ServiceQuotas:
    """What Service Quotas says; there is no way to ask for a quota by its name, so the list is gone through."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def processing_instances(self, instance_type: str) -> Quota | None:
        """How many instances of a type processing jobs may use at once; None where no quota of that name is listed.

        Raises:
            AwsError: Service Quotas did not answer.
        """
        wanted = f"{instance_type} for processing job usage"
        with translated("list the quotas of SageMaker"):
            for page in self._client.get_paginator("list_service_quotas").paginate(ServiceCode="sagemaker"):
                for quota in page["Quotas"]:
                    if quota["QuotaName"] == wanted:
                        return Quota(wanted, quota["QuotaCode"], quota["Value"])
        return None
