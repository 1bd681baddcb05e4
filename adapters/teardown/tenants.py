"""Who else lives in a VPC."""

from __future__ import annotations

from typing import Any

from adapters.teardown.faults import translated
from adapters.teardown.pages import entries
from domain.errors import NotFound


def domains_in(sagemaker: Any, vpc_id: str) -> list[str]:
    """The SageMaker domains in a VPC, as people know them: `SageMaker domain 'name' (d-abc, InService)`.

    Raises:
        AwsError: they could not be listed or described.
    """
    found = []
    for listed in entries(sagemaker, "list_domains", "Domains"):
        try:
            with translated("describe_domain"):
                domain = sagemaker.describe_domain(DomainId=listed["DomainId"])  # the list does not name the VPC
        except NotFound:
            continue
        if domain.get("VpcId") == vpc_id:
            found.append(f"SageMaker domain {domain['DomainName']!r} ({domain['DomainId']}, {domain['Status']})")
    return sorted(found)
