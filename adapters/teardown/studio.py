"""Apps, spaces, user profiles and the domain itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from adapters.teardown.faults import translated
from adapters.teardown.pages import entries
from domain.errors import NotFound
from domain.teardown.plan import Item, Kind, key_of
from domain.teardown.scope import Scope

_OWNERS = {"SpaceName": Kind.SPACE, "UserProfileName": Kind.USER_PROFILE}


class Studio:
    """One SageMaker domain and what lives in it."""

    def __init__(self, sagemaker: Any, scope: Scope) -> None:
        self._sagemaker = sagemaker
        self._domain = scope.domain_id
        self._retain = scope.retain
        self._domain_key = key_of(Kind.DOMAIN, scope.domain_id)

    def apps(self) -> Iterator[Item]:
        """Apps of profiles and of spaces; an app of a space has no UserProfileName.

        A space and a profile may have one name, and each an app `JupyterLab/default`: the owner's kind tells which.
        """
        for app in self._own("list_apps", "Apps"):
            owner = {member: app[member] for member in _OWNERS if app.get(member)}
            keys = [key_of(_OWNERS[member], name) for member, name in owner.items()]
            yield Item(
                Kind.APP,
                " of ".join([f"{app['AppType']}/{app['AppName']}", *keys]),
                app["Status"],
                {"DomainId": self._domain, **owner, "AppType": app["AppType"], "AppName": app["AppName"]},
                frozenset([self._domain_key, *keys]) if owner else None,
            )

    def delete_app(self, item: Item) -> None:
        with translated("delete_app"):
            self._sagemaker.delete_app(**item.address)

    def spaces(self) -> Iterator[Item]:
        for space in self._own("list_spaces", "Spaces"):
            address = {"DomainId": self._domain, "SpaceName": space["SpaceName"]}
            owner = space.get("OwnershipSettingsSummary", {}).get("OwnerUserProfileName")
            lives_in = frozenset({self._domain_key, key_of(Kind.USER_PROFILE, owner)}) if owner else None
            failure = self._failure(space["Status"], "describe_space", address)
            yield Item(Kind.SPACE, space["SpaceName"], space["Status"], address, lives_in, failure)

    def delete_space(self, item: Item) -> None:
        with translated("delete_space"):
            self._sagemaker.delete_space(**item.address)

    def user_profiles(self) -> Iterator[Item]:
        for profile in self._own("list_user_profiles", "UserProfiles"):
            address = {"DomainId": self._domain, "UserProfileName": profile["UserProfileName"]}
            failure = self._failure(profile["Status"], "describe_user_profile", address)
            yield Item(Kind.USER_PROFILE, profile["UserProfileName"], profile["Status"], address, None, failure)

    def delete_user_profile(self, item: Item) -> None:
        with translated("delete_user_profile"):
            self._sagemaker.delete_user_profile(**item.address)

    def domains(self) -> Iterator[Item]:
        """The one domain, while it exists; its address remembers the home file system."""
        with translated("describe_domain"):
            domain = self._sagemaker.describe_domain(DomainId=self._domain)
        address = {"DomainId": self._domain, "HomeEfsFileSystemId": domain.get("HomeEfsFileSystemId")}
        yield Item(Kind.DOMAIN, self._domain, domain["Status"], address, failure=domain.get("FailureReason", ""))

    def delete_domain(self, item: Item) -> None:
        """With the home file system, unless it is kept: CloudFormation would leave it behind to block the subnets."""
        home = "Retain" if self._retain else "Delete"
        with translated("delete_domain"):
            self._sagemaker.delete_domain(DomainId=item.name, RetentionPolicy={"HomeEfsFileSystem": home})

    def _own(self, operation: str, member: str) -> Iterator[dict[str, Any]]:
        listed = entries(self._sagemaker, operation, member, DomainIdEquals=self._domain)
        return (entry for entry in listed if entry.get("DomainId", self._domain) == self._domain)

    def _failure(self, status: str, operation: str, address: Mapping[str, object]) -> str:
        """The reason of a failed status; lists do not give it."""
        if not status.endswith("Failed"):
            return ""
        try:
            with translated(operation):
                described = getattr(self._sagemaker, operation)(**address)
        except NotFound:
            return ""
        return str(described.get("FailureReason", ""))
