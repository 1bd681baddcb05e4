"""Before people label, it is asked whether a machine can be had for it; what cannot be asked keeps nobody."""

from __future__ import annotations

import boto3
import pytest
from botocore.stub import Stubber

from adapters.quotas import Quota, ServiceQuotas
from domain.errors import AccessDenied
from lambdas.preflight.quota_check import check_quota

NAME = "ml.m5.xlarge for processing job usage"


class Told:
    """Answers with a quota, or raises."""

    def __init__(self, answer: Quota | Exception | None) -> None:
        self._answer = answer

    def processing_instances(self, instance_type: str) -> Quota | None:
        assert instance_type == "ml.m5.xlarge"
        if isinstance(self._answer, Exception):
            raise self._answer
        return self._answer


@pytest.mark.parametrize("value", [0, 1])
def test_too_small_a_quota_is_told_with_the_command_that_asks_for_more(value: float) -> None:
    check = check_quota(Told(Quota(NAME, "L-0307F515", value)), "ml.m5.xlarge", 2)
    assert not check.ok
    for part in (f'"{NAME}" is {value}', "the run needs 2", "--quota-code L-0307F515", "processing.instance_type"):
        assert part in check.detail


@pytest.mark.parametrize(
    ("answer", "detail"),
    [
        (Quota(NAME, "L-0307F515", 2), "2 x ml.m5.xlarge for processing jobs"),
        (None, "Service Quotas lists none for ml.m5.xlarge"),
        (AccessDenied("list the quotas of SageMaker: no"), "not looked up, which is no obstacle: list the quotas"),
    ],
)
def test_a_quota_that_suffices_or_is_not_known_keeps_nobody(answer: Quota | Exception | None, detail: str) -> None:
    check = check_quota(Told(answer), "ml.m5.xlarge", 2)
    assert check.ok
    assert detail in check.detail


def test_every_page_of_the_quotas_is_looked_through() -> None:
    client = boto3.client("service-quotas", region_name="us-east-1", aws_access_key_id="a", aws_secret_access_key="a")
    other = {"QuotaName": "ml.m5.xlarge for training job usage", "QuotaCode": "L-1", "Value": 0.0}
    ours = {"QuotaName": NAME, "QuotaCode": "L-2", "Value": 4.0}
    with Stubber(client) as stub:
        stub.add_response("list_service_quotas", {"Quotas": [other], "NextToken": "2"}, {"ServiceCode": "sagemaker"})
        stub.add_response("list_service_quotas", {"Quotas": [ours]}, {"ServiceCode": "sagemaker", "NextToken": "2"})
        assert ServiceQuotas(client).processing_instances("ml.m5.xlarge") == Quota(NAME, "L-2", 4.0)
