"""What all lists of a sweep share: clients, tags, and what could not be listed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from adapters.teardown.faults import translated
from adapters.teardown.pages import entries
from domain.errors import AwsError, NotFound
from domain.sweep.model import Thing

Lister = Callable[["Place"], Iterator[Thing]]


@dataclass(frozen=True)
class Place:
    """`client` gives a client for a service's name; `region` and `account` are those that it asks."""

    client: Callable[[str], Any]
    region: str
    account: str

    def pages(self, service: str, operation: str, member: str, **request: Any) -> Iterator[dict[str, Any]]:
        """The entries of every page. Raises AwsError."""
        return entries(self.client(service), operation, member, **request)

    def ask(self, service: str, operation: str, **request: Any) -> dict[str, Any]:
        """One answer. Raises AwsError."""
        with translated(f"{service}:{operation}"):
            answer: dict[str, Any] = getattr(self.client(service), operation)(**request)
        return answer

    def find(self, service: str, operation: str, **request: Any) -> dict[str, Any]:
        """One answer, empty if the thing is gone meanwhile. Raises AwsError."""
        try:
            return self.ask(service, operation, **request)
        except NotFound:
            return {}


def tags_of(listed: Any) -> dict[str, str]:
    """Tags as most services write them: Key and Value."""
    return {tag["Key"]: tag["Value"] for tag in listed or ()}


def says(error: AwsError) -> str:
    """The reason, with the name of the error: `AccessDenied: ...`."""
    return f"{type(error).__name__}: {error}"
