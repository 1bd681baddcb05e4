# ruff: noqa: N803 (parameters are named as boto3 names them)
"""An account with SageMaker domains and what hangs on them, as AWS behaves: asynchronous, paginated, with its errors.

Operations are methods named as boto3 names them; each takes the request's members and returns the response.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Any

from tests.support.fakes.faults import client_error
from tests.support.fakes.logs import FakeLogs, Record
from tests.support.fakes.stack import FakeStack


def app_key(app: Record) -> tuple[str, ...]:
    return tuple(app.get(name, "") for name in ("DomainId", "SpaceName", "UserProfileName", "AppType", "AppName"))


@dataclass
class FakeStudio(FakeLogs, FakeStack):
    """Tables of records; times are seconds of a fake clock that only `sleep` moves. `skew`: how wrong it is told.

    `interfaces`: by network interface the security groups that it keeps from being deleted.
    """

    random: random.Random
    now: float = 1_000_000.0
    skew: float = 0.0
    slowest: float = 900.0
    domains: dict[str, Record] = field(default_factory=dict)
    apps: dict[tuple[str, ...], Record] = field(default_factory=dict)
    spaces: dict[tuple[str, str], Record] = field(default_factory=dict)
    profiles: dict[tuple[str, str], Record] = field(default_factory=dict)
    labeling: dict[str, Record] = field(default_factory=dict)
    processing: dict[str, Record] = field(default_factory=dict)
    schedules: dict[tuple[str, str], Record] = field(default_factory=dict)
    executions: dict[str, Record] = field(default_factory=dict)
    file_systems: dict[str, Record] = field(default_factory=dict)
    mount_targets: dict[str, Record] = field(default_factory=dict)
    access_points: dict[str, Record] = field(default_factory=dict)
    groups: dict[str, Record] = field(default_factory=dict)
    interfaces: dict[str, list[str]] = field(default_factory=dict)
    job_tags: dict[str, list[Record]] = field(default_factory=dict)
    _later: list[tuple[float, int, Any]] = field(default_factory=list)
    _number: int = 0

    def clock(self) -> float:
        return self.now + self.skew

    def sleep(self, seconds: float) -> None:
        self.now += seconds
        self.settle()

    def settle(self) -> None:
        """Carry out every state change that is due."""
        due = sorted(entry for entry in self._later if entry[0] <= self.now)
        self._later = [entry for entry in self._later if entry[0] > self.now]
        for _, _, change in due:
            change()

    def soon(self, change: Any, longest: float | None = None) -> None:
        """Carry `change` out after a random time."""
        self._number += 1
        self._later.append((self.now + self.random.uniform(0.1, longest or self.slowest), self._number, change))

    # Studio

    def list_apps(self, DomainIdEquals: str) -> list[Record]:
        return [app for app in self.apps.values() if app["DomainId"] == DomainIdEquals]

    def delete_app(self, **request: Any) -> None:
        app = self._need(self.apps, app_key(request), "DeleteApp")
        if app["Status"] in ("Pending", "Deleting"):
            raise client_error("ResourceInUse", "DeleteApp")
        if app["Status"] != "InService":
            raise client_error("ValidationException", "DeleteApp")
        app["Status"] = "Deleting"
        self.soon(lambda: app.update(Status="Deleted"))

    def list_spaces(self, DomainIdEquals: str) -> list[Record]:
        return [space for space in self.spaces.values() if space["DomainId"] == DomainIdEquals]

    def describe_space(self, DomainId: str, SpaceName: str) -> Record:
        return self._need(self.spaces, (DomainId, SpaceName), "DescribeSpace")

    def delete_space(self, DomainId: str, SpaceName: str) -> None:
        space = self._need(self.spaces, (DomainId, SpaceName), "DeleteSpace")
        self._refuse_if(any(app.get("SpaceName") == SpaceName for app in self._live_apps(DomainId)), "DeleteSpace")
        self._remove(space, self.spaces, (DomainId, SpaceName))

    def list_user_profiles(self, DomainIdEquals: str) -> list[Record]:
        return [profile for profile in self.profiles.values() if profile["DomainId"] == DomainIdEquals]

    def describe_user_profile(self, DomainId: str, UserProfileName: str) -> Record:
        return self._need(self.profiles, (DomainId, UserProfileName), "DescribeUserProfile")

    def delete_user_profile(self, DomainId: str, UserProfileName: str) -> None:
        profile = self._need(self.profiles, (DomainId, UserProfileName), "DeleteUserProfile")
        owned = [
            space
            for space in self.list_spaces(DomainId)
            if space.get("OwnershipSettingsSummary", {}).get("OwnerUserProfileName") == UserProfileName
        ]
        running = [app for app in self._live_apps(DomainId) if app.get("UserProfileName") == UserProfileName]
        self._refuse_if(bool(owned or running), "DeleteUserProfile")
        self._remove(profile, self.profiles, (DomainId, UserProfileName))

    def list_domains(self) -> list[Record]:
        return [{"DomainId": domain} for domain in self.domains]

    def describe_domain(self, DomainId: str) -> Record:
        return self._need(self.domains, DomainId, "DescribeDomain")

    def delete_domain(self, DomainId: str, RetentionPolicy: Record) -> None:
        domain = self._need(self.domains, DomainId, "DeleteDomain")
        children = self._live_apps(DomainId) or self.list_spaces(DomainId) or self.list_user_profiles(DomainId)
        self._refuse_if(bool(children), "DeleteDomain")
        self._remove(domain, self.domains, DomainId)
        if RetentionPolicy["HomeEfsFileSystem"] == "Delete" and not domain.get("KeepsFiles"):
            self.soon(lambda: self._drop_files(domain["HomeEfsFileSystemId"]))

    def _drop_files(self, system: str) -> None:
        for table in (self.mount_targets, self.access_points):
            for key in [key for key, part in table.items() if part["FileSystemId"] == system]:
                del table[key]
        self.file_systems.pop(system, None)

    def _live_apps(self, domain: str) -> list[Record]:
        return [app for app in self.list_apps(domain) if app["Status"] not in ("Deleted", "Failed")]

    def _remove(self, record: Record, table: dict[Any, Record], key: Any) -> None:
        """Deleting, then gone; or, where the record says so, first a Delete_Failed with a reason."""
        self._refuse_if(record["Status"] in ("Deleting", "Pending", "Updating"), "Delete")
        record["Status"] = "Deleting"
        if record.get("FailsFirst"):
            record["FailsFirst"] -= 1
            self.soon(lambda: record.update(Status="Delete_Failed", FailureReason="a network interface is in use"))
        else:
            self.soon(lambda: table.pop(key, None))

    # Jobs, schedules, executions

    def list_labeling_jobs(self, NameContains: str, StatusEquals: str) -> list[Record]:
        return _jobs(self.labeling, "LabelingJob", NameContains, StatusEquals)

    def list_processing_jobs(self, NameContains: str, StatusEquals: str) -> list[Record]:
        return _jobs(self.processing, "ProcessingJob", NameContains, StatusEquals)

    def list_tags(self, ResourceArn: str) -> list[Record]:
        return self._need(self.job_tags, ResourceArn, "ListTags")

    def stop_labeling_job(self, LabelingJobName: str) -> None:
        self._stop(self._need(self.labeling, LabelingJobName, "StopLabelingJob"), "LabelingJobStatus")

    def stop_processing_job(self, ProcessingJobName: str) -> None:
        self._stop(self._need(self.processing, ProcessingJobName, "StopProcessingJob"), "ProcessingJobStatus")
        self.soon(lambda: self.write_log(ProcessingJobName), 0.2)

    def _stop(self, job: Record, status: str) -> None:
        if job[status] not in ("Initializing", "InProgress"):
            raise client_error("ValidationException", "StopJob")
        job[status] = "Stopping"
        self.soon(lambda: job.update({status: "Stopped"}))

    def list_schedules(self, GroupName: str) -> list[Record]:
        return [schedule for (group, _), schedule in self.schedules.items() if group == GroupName]

    def delete_schedule(self, Name: str, GroupName: str) -> None:
        self._need(self.schedules, (GroupName, Name), "DeleteSchedule")
        del self.schedules[GroupName, Name]

    def list_executions(self, stateMachineArn: str, statusFilter: str) -> list[Record]:
        return [
            execution
            for execution in self.executions.values()
            if execution["stateMachineArn"] == stateMachineArn and execution["status"] == statusFilter
        ]

    def stop_execution(self, executionArn: str, error: str, cause: str) -> None:
        self._need(self.executions, executionArn, "StopExecution")["status"] = "ABORTED"

    # File systems and security groups

    def describe_file_systems(self) -> list[Record]:
        return list(self.file_systems.values())

    def describe_mount_targets(self, FileSystemId: str) -> list[Record]:
        return self._parts(self.mount_targets, FileSystemId)

    def describe_access_points(self, FileSystemId: str) -> list[Record]:
        return self._parts(self.access_points, FileSystemId)

    def _parts(self, table: dict[str, Record], system: str) -> list[Record]:
        self._need(self.file_systems, system, "DescribeParts", "FileSystemNotFound")
        return [part for part in table.values() if part["FileSystemId"] == system]

    def delete_mount_target(self, MountTargetId: str) -> None:
        target = self._need(self.mount_targets, MountTargetId, "DeleteMountTarget", "MountTargetNotFound")
        target["LifeCycleState"] = "deleting"
        self.soon(lambda: self.mount_targets.pop(MountTargetId, None), 60)

    def delete_access_point(self, AccessPointId: str) -> None:
        self._need(self.access_points, AccessPointId, "DeleteAccessPoint", "AccessPointNotFound")
        del self.access_points[AccessPointId]

    def delete_file_system(self, FileSystemId: str) -> None:
        system = self._need(self.file_systems, FileSystemId, "DeleteFileSystem", "FileSystemNotFound")
        if self._parts(self.mount_targets, FileSystemId):
            raise client_error("FileSystemInUse", "DeleteFileSystem", 409)
        system["LifeCycleState"] = "deleting"
        self.soon(lambda: self.file_systems.pop(FileSystemId, None), 60)

    def describe_security_groups(self, Filters: list[Record]) -> list[Record]:
        names = next(entry["Values"] for entry in Filters if entry["Name"] == "group-name")
        return [group for group in self.groups.values() if group["GroupName"] in names]

    def revoke_security_group_ingress(self, GroupId: str, IpPermissions: list[Record]) -> None:
        self._revoke(GroupId, "IpPermissions", IpPermissions)

    def revoke_security_group_egress(self, GroupId: str, IpPermissions: list[Record]) -> None:
        self._revoke(GroupId, "IpPermissionsEgress", IpPermissions)

    def _revoke(self, identity: str, member: str, rules: list[Record]) -> None:
        group = self._need(self.groups, identity, "RevokeRules", "InvalidGroup.NotFound")
        if any(rule not in group[member] for rule in rules):
            raise client_error("InvalidPermission.NotFound", "RevokeRules")
        group[member] = [rule for rule in group[member] if rule not in rules]

    def delete_security_group(self, GroupId: str) -> None:
        group = self._need(self.groups, GroupId, "DeleteSecurityGroup", "InvalidGroup.NotFound")
        others = [other for other in self.groups.values() if other["GroupId"] != GroupId]
        named = any(GroupId in str(other["IpPermissions"]) + str(other["IpPermissionsEgress"]) for other in others)
        used = any(GroupId in target["Groups"] for target in self.mount_targets.values())
        if named or used or any(GroupId in groups for groups in self.interfaces.values()):
            raise client_error("DependencyViolation", "DeleteSecurityGroup")
        del self.groups[group["GroupId"]]

    @staticmethod
    def _need(table: Any, key: Any, operation: str, code: str = "ResourceNotFound") -> Any:
        if key not in table:
            raise client_error(code, operation, 404)
        return table[key]

    @staticmethod
    def _refuse_if(wrong: bool, operation: str) -> None:
        if wrong:
            raise client_error("ResourceInUse", operation)


def _jobs(table: dict[str, Record], kind: str, part: str, status: str) -> list[Record]:
    return [job for job in table.values() if part in job[f"{kind}Name"] and job[f"{kind}Status"] == status]
