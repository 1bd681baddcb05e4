"""Teardown's cloud over real boto3 clients with stubbed answers: requests and answers are checked by botocore."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import boto3
from botocore.stub import Stubber

from adapters.teardown.cloud import AwsCloud, Clients
from domain.teardown.plan import Item, Kind
from domain.teardown.scope import Scope

MACHINES = tuple(f"arn:aws:states:us-east-1:000000000000:stateMachine:{name}" for name in ("gone", "label"))


def any_scope(**changes: Any) -> Scope:
    values = {
        "domain_id": "d-ours",
        "tag_key": "kempelen:stage",
        "stage": "dev",
        "job_name_prefix": "kempelen-dev-",
        "schedule_group": "kempelen-dev",
        "state_machine_arns": MACHINES,
    }
    return Scope(**{**values, **changes})


class Stubbed:
    """The cloud over real clients; `expect` scripts the next answer of a service."""

    def __init__(self, clients: Clients) -> None:
        self.clients = clients
        self.stubs = {name: Stubber(getattr(clients, name)) for name in vars(clients)}
        for stub in self.stubs.values():
            stub.activate()

    def expect(self, service: str, operation: str, request: dict[str, Any], answer: dict[str, Any]) -> None:
        self.stubs[service].add_response(operation, answer, request)

    def refuse(self, service: str, operation: str, code: str, status: int = 400, *, message: str = "injected") -> None:
        self.stubs[service].add_client_error(operation, code, message, http_status_code=status)

    def cloud(self, **scope: Any) -> AwsCloud:
        return AwsCloud(self.clients, any_scope(**scope))

    def look(self, kind: Kind, home: str | None = None, **scope: Any) -> list[Item]:
        return list(self.cloud(**scope).look(kind, home))


@cache
def _clients() -> Clients:
    """Once for all tests: reading the models of six services takes a second."""
    return Clients.made_by(boto3.Session("any", "any", region_name="us-east-1").client)


@contextmanager
def stubbed() -> Iterator[Stubbed]:
    """A cloud whose scripted answers must all be asked for by the end."""
    made = Stubbed(_clients())
    try:
        yield made
    finally:
        for stub in made.stubs.values():
            stub.deactivate()
    for stub in made.stubs.values():
        stub.assert_no_pending_responses()
