from __future__ import annotations

import random
from typing import Any

import pytest

from domain.errors import AwsError, NetworkInUse
from lambdas.network_tenants import handler
from tests.support.fakes.clients import fake_clients
from tests.support.fakes.faults import Faults
from tests.support.fakes.lambda_context import Context
from tests.support.fakes.studio import FakeStudio
from tests.support.fakes.teardown_worlds import TWIN, add_domain

FAULTS = Faults()


@pytest.fixture
def studio(monkeypatch: pytest.MonkeyPatch) -> FakeStudio:
    made = FakeStudio(random.Random(1))
    add_domain(made, TWIN, DomainName="their-own", VpcId="vpc-1")
    monkeypatch.setenv("STAGE", "dev")
    monkeypatch.setattr(handler, "client", lambda name: getattr(fake_clients(made, FAULTS), name))
    FAULTS.always.clear()
    return made


def ask(kind: str, vpc: str) -> dict[str, Any]:
    return handler.on_event({"RequestType": kind, "ResourceProperties": {"VpcId": vpc}}, Context())


def test_a_domain_in_the_network_is_named_before_the_network_goes(studio: FakeStudio) -> None:
    with pytest.raises(
        NetworkInUse, match=r"vpc-1, is still used by SageMaker domain 'their-own' \(d-twin, InService\)"
    ):
        ask("Delete", "vpc-1")


def test_domains_of_other_networks_do_not_matter(studio: FakeStudio) -> None:
    assert ask("Delete", "vpc-2") == {"PhysicalResourceId": "tenants-vpc-2"}


@pytest.mark.parametrize("kind", ["Create", "Update"])
def test_nobody_is_looked_for_while_the_network_stays(studio: FakeStudio, kind: str) -> None:
    assert ask(kind, "vpc-1") == {"PhysicalResourceId": "tenants-vpc-1"}


def test_files_of_a_domain_that_is_gone_are_named_and_left_to_their_owner(studio: FakeStudio) -> None:
    """What a stack leaves when its safeguard could not be made: CloudFormation deletes the domain without its files."""
    del studio.domains[TWIN]
    with pytest.raises(NetworkInUse, match="by file system fs-twin of SageMaker domain d-twin, which is gone"):
        ask("Delete", "vpc-1")
    assert list(studio.file_systems) == ["fs-twin"]
    assert ask("Delete", "vpc-2") == {"PhysicalResourceId": "tenants-vpc-2"}


@pytest.mark.parametrize("operation", ["list_domains", "describe_domain", "describe_file_systems"])
@pytest.mark.parametrize("kind", ["throttled", "denied", "refused", "server error", "timed out", "unreadable answer"])
def test_who_could_not_be_looked_for_is_not_taken_for_nobody(studio: FakeStudio, operation: str, kind: str) -> None:
    FAULTS.always.append((operation, (), kind))
    with pytest.raises(AwsError, match=operation):
        ask("Delete", "vpc-2")
