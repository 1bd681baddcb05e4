"""What a deleted domain leaves of its file system, and the two NFS security groups between apps and file system."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from adapters.teardown.faults import translated
from adapters.teardown.pages import entries
from domain.errors import NotFound
from domain.teardown.plan import Item, Kind
from domain.teardown.scope import Scope


class HomeFileSystem:
    """The domain's home file system with its access points and mount targets. Of one that is kept only the mount
    targets go: they hold subnets and security groups, and the directories need none."""

    def __init__(self, efs: Any, scope: Scope) -> None:
        self._efs = efs
        self._scope = scope

    def file_systems(self, home: str | None) -> Iterator[Item]:
        return iter(()) if self._scope.retain else self._own(home)

    def _own(self, home: str | None) -> Iterator[Item]:
        for system in entries(self._efs, "describe_file_systems", "FileSystems"):
            identity = system["FileSystemId"]
            tags = {tag["Key"]: tag["Value"] for tag in system.get("Tags", [])}
            if self._scope.owns_file_system(identity, tags, home):
                yield Item(Kind.FILE_SYSTEM, identity, system["LifeCycleState"], {"FileSystemId": identity})

    def access_points(self, home: str | None) -> Iterator[Item]:
        if self._scope.retain:
            return
        for system, point in self._parts("describe_access_points", "AccessPoints", home):
            identity = point["AccessPointId"]
            name = f"{system}/{identity}"
            yield Item(Kind.ACCESS_POINT, name, point["LifeCycleState"], {"AccessPointId": identity})

    def mount_targets(self, home: str | None) -> Iterator[Item]:
        for system, target in self._parts("describe_mount_targets", "MountTargets", home):
            identity = target["MountTargetId"]
            name = f"{system}/{identity}"
            yield Item(Kind.MOUNT_TARGET, name, target["LifeCycleState"], {"MountTargetId": identity})

    def _parts(self, operation: str, member: str, home: str | None) -> Iterator[tuple[str, dict[str, Any]]]:
        for system in self._own(home):
            identity = str(system.address["FileSystemId"])
            try:
                for part in entries(self._efs, operation, member, FileSystemId=identity):
                    yield identity, part
            except NotFound:  # deleted since it was listed
                continue

    def delete_file_system(self, item: Item) -> None:
        with translated("delete_file_system"):
            self._efs.delete_file_system(**item.address)

    def delete_access_point(self, item: Item) -> None:
        with translated("delete_access_point"):
            self._efs.delete_access_point(**item.address)

    def delete_mount_target(self, item: Item) -> None:
        with translated("delete_mount_target"):
            self._efs.delete_mount_target(**item.address)


class NfsGroups:
    """`security-group-for-{inbound,outbound}-nfs-<domain>`: each one's rules name the other, so rules go first.

    A group's name is unique in its VPC only, so an item's name has the id too.
    """

    def __init__(self, ec2: Any, scope: Scope) -> None:
        self._ec2 = ec2
        self._names = scope.nfs_group_names

    def rules(self) -> Iterator[Item]:
        """One item for each group that still has rules; its address carries them as AWS lists them."""
        for group in self._groups():
            ingress, egress = group.get("IpPermissions", []), group.get("IpPermissionsEgress", [])
            if ingress or egress:
                address = {"GroupId": group["GroupId"], "Ingress": ingress, "Egress": egress}
                yield Item(Kind.SECURITY_GROUP_RULES, _named(group), "", address)

    def groups(self) -> Iterator[Item]:
        for group in self._groups():
            yield Item(Kind.SECURITY_GROUP, _named(group), "", {"GroupId": group["GroupId"]})

    def _groups(self) -> Iterator[dict[str, Any]]:
        filters = [{"Name": "group-name", "Values": list(self._names)}]
        listed = entries(self._ec2, "describe_security_groups", "SecurityGroups", Filters=filters)
        return (group for group in listed if group["GroupName"] in self._names)

    def revoke(self, item: Item) -> None:
        """Both directions; rules that went meanwhile must not keep the other direction's."""
        group, missing = item.address["GroupId"], None
        for member, operation in (
            ("Ingress", "revoke_security_group_ingress"),
            ("Egress", "revoke_security_group_egress"),
        ):
            if not item.address[member]:
                continue
            try:
                with translated(operation):
                    getattr(self._ec2, operation)(GroupId=group, IpPermissions=item.address[member])
            except NotFound as error:
                missing = error
        if missing is not None:
            raise missing

    def delete(self, item: Item) -> None:
        with translated("delete_security_group"):
            self._ec2.delete_security_group(**item.address)


def _named(group: dict[str, Any]) -> str:
    return f"{group['GroupName']}/{group['GroupId']}"
