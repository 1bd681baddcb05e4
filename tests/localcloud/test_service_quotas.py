"""Service Quotas, as the preflight asks it."""

from __future__ import annotations

from adapters.quotas import ServiceQuotas
from tests.localcloud.studio import refusal


def test_every_instance_type_of_processing_jobs_has_a_quota(client) -> None:
    quotas = client("service-quotas")
    pages = quotas.get_paginator("list_service_quotas").paginate(ServiceCode="sagemaker", MaxResults=7)
    names = [quota["QuotaName"] for page in pages for quota in page["Quotas"]]
    assert len(names) == len(set(names)) > 20
    found = ServiceQuotas(quotas).processing_instances("ml.m5.xlarge")
    assert found is not None
    assert found.value == 20


def test_quotas_of_other_services_are_not_there(client) -> None:
    assert refusal(client("service-quotas").list_service_quotas, ServiceCode="ec2")[0] == "NoSuchResourceException"
