"""The people who label, as the stage's Cognito pool has them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from adapters.aws_errors import translated
from domain.errors import NotFound
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

    def invite(self, email: str) -> str:
        """ "invited", "invited again" with a new password, or "is a member" of one who has signed in before.

        Raises:
            RequestRefused: the address is none, or Cognito sends no more today.
        """
        person = self._find(email)
        if person is not None and person.status != "FORCE_CHANGE_PASSWORD":
            self.join(email)
            return "is a member"
        with translated(f"invite {email}"):
            verified = [{"Name": "email", "Value": email}, {"Name": "email_verified", "Value": "true"}]
            again = {"MessageAction": "RESEND"} if person else {"UserAttributes": verified}
            self._client.admin_create_user(
                UserPoolId=self._pool, Username=email, DesiredDeliveryMediums=["EMAIL"], **again
            )
        self.join(email)
        return "invited again" if person else "invited"

    def remove(self, email: str) -> Person:
        """Who it was. She is no member any more, and what she signed in with is of no use; her user stays.

        Raises:
            NotFound: there is nobody of this address.
        """
        person = self._find(email)
        if person is None:
            raise NotFound(f"nobody with the e-mail address {email} labels here")
        with translated(f"remove {email}"):
            self._client.admin_remove_user_from_group(
                UserPoolId=self._pool, Username=person.user_name, GroupName=self._group
            )
            self._client.admin_user_global_sign_out(UserPoolId=self._pool, Username=person.user_name)
        return person

    def _find(self, email: str) -> Person | None:
        try:
            with translated(f"look for {email}"):
                user = self._client.admin_get_user(UserPoolId=self._pool, Username=email)
        except NotFound:
            return None
        return self._person({**user, "Attributes": user["UserAttributes"]})

    def join(self, email: str) -> None:
        """Makes a user of the pool a member, who may be one already."""
        with translated(f"make {email} a member of {self._group}"):
            self._client.admin_add_user_to_group(UserPoolId=self._pool, Username=email, GroupName=self._group)

    def _person(self, user: dict[str, Any]) -> Person:
        attributes = {attribute["Name"]: attribute["Value"] for attribute in user["Attributes"]}
        return Person(
            user_name=user["Username"],
            email=attributes.get("email", ""),
            worker=worker_id(self._region, self._pool, attributes["sub"]),
            status=user["UserStatus"],
            enabled=user["Enabled"],
        )
