"""The people who label, as the stage's Cognito pool has them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from adapters.aws_errors import translated
from domain.workforce.identity import worker_id
from domain.workforce.model import Person


class CognitoTeam:
    """The members of one group of a pool."""

    def __init__(self, client: Any, region: str, user_pool: str, group: str) -> None:
        self._client = client
        self._region = region
        self._pool = user_pool
        self._group = group

    def people(self) -> Iterator[Person]:
        with translated(f"list the workers of group {self._group} in user pool {self._pool}"):
            pages = self._client.get_paginator("list_users_in_group").paginate(
                UserPoolId=self._pool, GroupName=self._group
            )
            for page in pages:
                yield from map(self._person, page["Users"])

    def members(self) -> list[str]:
        """The e-mail addresses of those who may sign in."""
        return [person.email for person in self.people() if person.enabled]

    def _person(self, user: dict[str, Any]) -> Person:
        attributes = {attribute["Name"]: attribute["Value"] for attribute in user["Attributes"]}
        return Person(
            user_name=user["Username"],
            email=attributes.get("email", ""),
            worker=worker_id(self._region, self._pool, attributes["sub"]),
            status=user["UserStatus"],
            enabled=user["Enabled"],
        )
