"""Accounts to tear down: our domain in any state it can be in, beside things that are not ours."""

from __future__ import annotations

import copy
import random
from typing import Any

from domain.teardown.scope import EFS_OWNER_TAG, JOB_LOG_GROUP, Scope
from tests.support.fakes.logs import Record, arn
from tests.support.fakes.studio import FakeStudio, app_key

OURS, TWIN = "d-ours", "d-twin"
STAGE = "dev"
PREFIX = "kempelen-dev-"
MACHINE = arn("states", "stateMachine:kempelen-dev-pipeline")
OTHER_MACHINE = arn("states", "stateMachine:other")
SCOPE = Scope(
    domain_id=OURS,
    tag_key="kempelen:stage",
    stage=STAGE,
    job_name_prefix=PREFIX,
    schedule_group="kempelen-dev",
    state_machine_arns=(MACHINE,),
)


def add_domain(studio: FakeStudio, domain: str, **more: Any) -> None:
    """A domain with its file system, two mount targets and the two security groups that name each other."""
    system, inbound, outbound = f"fs-{domain[2:]}", f"sg-{domain[2:]}in", f"sg-{domain[2:]}out"
    studio.domains[domain] = {"DomainId": domain, "Status": "InService", "HomeEfsFileSystemId": system, **more}
    studio.file_systems[system] = {
        "FileSystemId": system,
        "LifeCycleState": "available",
        "Tags": [{"Key": EFS_OWNER_TAG, "Value": arn("sagemaker", f"domain/{domain}")}],
    }
    for number in (1, 2):
        target = f"fsmt-0000{domain[2:]}{number}"
        studio.mount_targets[target] = {
            "MountTargetId": target,
            "FileSystemId": system,
            "LifeCycleState": "available",
            "Groups": [inbound],
            "VpcId": more.get("VpcId", "vpc-ours"),
        }
    point = f"fsap-0000{domain[2:]}"
    studio.access_points[point] = {"AccessPointId": point, "FileSystemId": system, "LifeCycleState": "available"}
    for identity, other, way in ((inbound, outbound, "inbound"), (outbound, inbound, "outbound")):
        rules = [{"IpProtocol": "tcp", "FromPort": 2049, "ToPort": 2049, "UserIdGroupPairs": [{"GroupId": other}]}]
        studio.groups[identity] = {
            "GroupId": identity,
            "GroupName": f"security-group-for-{way}-nfs-{domain}",
            "IpPermissions": rules if way == "inbound" else [],
            "IpPermissionsEgress": rules if way == "outbound" else [],
        }


def add_profile(studio: FakeStudio, domain: str, name: str, status: str = "InService", **more: Any) -> None:
    studio.profiles[domain, name] = {"DomainId": domain, "UserProfileName": name, "Status": status, **more}


def add_space(
    studio: FakeStudio, domain: str, name: str, owner: str | None = None, status: str = "InService", **more: Any
) -> None:
    owned = {"OwnershipSettingsSummary": {"OwnerUserProfileName": owner}} if owner else {}
    studio.spaces[domain, name] = {"DomainId": domain, "SpaceName": name, "Status": status, **owned, **more}


def add_app(
    studio: FakeStudio,
    domain: str,
    *,
    kind: str = "JupyterLab",
    name: str = "default",
    status: str = "InService",
    **of: str,
) -> Record:
    """`of`: SpaceName or UserProfileName, as AWS lists it: an app of a space has no profile."""
    app = {"DomainId": domain, "AppType": kind, "AppName": name, "Status": status, **of}
    studio.apps[app_key(app)] = app
    return app


def add_work(studio: FakeStudio, stage: str, prefix: str, machine: str, group: str) -> None:
    """A schedule, an execution and two running jobs."""
    tags = [{"Key": "kempelen:stage", "Value": stage}]
    studio.schedules[group, "tick"] = {"Name": "tick", "GroupName": group}
    execution = machine.replace(":stateMachine:", ":execution:") + ":run"
    studio.executions[execution] = {
        "executionArn": execution,
        "name": "run",
        "stateMachineArn": machine,
        "status": "RUNNING",
    }
    for table, kind, path in (
        (studio.labeling, "LabelingJob", "labeling-job"),
        (studio.processing, "ProcessingJob", "processing-job"),
    ):
        name = f"{prefix}{path}"
        identity = arn("sagemaker", f"{path}/{name}")
        table[name] = {f"{kind}Name": name, f"{kind}Arn": identity, f"{kind}Status": "InProgress"}
        studio.job_tags[identity] = tags


def add_logs(studio: FakeStudio, prefix: str, jobs: int, hosts: int = 1, stage: str = STAGE) -> None:
    """Processing jobs that ended long ago, and what each of their hosts has logged."""
    for number in range(jobs):
        name = f"{prefix}augment-{number:05}"
        studio.job_tags[arn("sagemaker", f"processing-job/{name}")] = [{"Key": "kempelen:stage", "Value": stage}]
        for host in range(hosts):
            studio.write_log(name, f"algo-{host + 1}")


def any_world(seed: int, slowest: float | None = None) -> FakeStudio:
    """A random account; the same for the same seed. The twin has the very same names inside its own domain.

    `slowest`: seconds of the slowest change.
    """
    draw = random.Random(seed)
    drawn = draw.choice([0.2, 30.0, 1200.0])
    studio = FakeStudio(random.Random(seed + 1), slowest=slowest or drawn)
    add_domain(studio, OURS, KeepsFiles=draw.random() < 0.5, FailsFirst=draw.choice([0, 0, 1]))
    add_domain(studio, TWIN)
    add_work(studio, STAGE, PREFIX, MACHINE, "kempelen-dev")
    # The names that look most like ours: the same prefix with another stage's tag, and another group and machine.
    add_work(studio, "dev-2", f"{PREFIX}2-", OTHER_MACHINE, "default")
    for number in range(draw.randint(0, 3)):
        name = f"user{number}"
        status = draw.choice(["InService", "InService", "Update_Failed", "Delete_Failed", "Failed"])
        add_profile(studio, OURS, name, status, FailsFirst=draw.choice([0, 0, 1]), FailureReason="injected")
        add_profile(studio, TWIN, name)
        if draw.random() < 0.7:
            _fill(studio, draw, add_app(studio, OURS, kind="Canvas", UserProfileName=name))
            add_app(studio, TWIN, kind="Canvas", UserProfileName=name)
    for number in range(draw.randint(0, 3)):
        profiles = [name for domain, name in studio.profiles if domain == OURS]
        owner = draw.choice([*profiles, None])
        add_space(studio, OURS, f"space{number}", owner, draw.choice(["InService", "Update_Failed", "Failed"]))
        add_space(studio, TWIN, f"space{number}", owner)
        _fill(studio, draw, add_app(studio, OURS, SpaceName=f"space{number}"))
        add_app(studio, TWIN, SpaceName=f"space{number}")
    _log(studio, draw)
    return studio


def _log(studio: FakeStudio, draw: random.Random) -> None:
    """Ours, often beside the other stage's and beside a job's that is not in SageMaker any more."""
    if draw.random() < 0.8:
        studio.write_log(f"{PREFIX}processing-job")
        add_logs(studio, PREFIX, draw.randint(0, 3), hosts=2)
    if draw.random() < 0.5:
        studio.write_log(f"{PREFIX}2-processing-job")
        studio.write_log(f"{PREFIX}forgotten")
    if draw.random() < 0.2 and studio.log_groups:
        studio.log_groups[JOB_LOG_GROUP]["retentionInDays"] = 30


def _fill(studio: FakeStudio, draw: random.Random, app: Record) -> None:
    app["Status"] = draw.choice(["InService", "InService", "Pending", "Deleting", "Deleted", "Failed"])
    if app["Status"] == "Pending":
        studio.soon(lambda: app.update(Status=draw.choice(["InService", "Failed"])))
    if app["Status"] == "Deleting":
        studio.soon(lambda: app.update(Status="Deleted"))


def left_of(studio: FakeStudio, domain: str, prefix: str) -> list[str]:
    """Names of everything that costs or blocks, of one domain and job prefix (without the other stage's jobs)."""
    live = ("Deleted", "Failed")
    system = f"fs-{domain[2:]}"
    names = [f"app {app_key(app)}" for app in studio.list_apps(domain) if app["Status"] not in live]
    names += [f"space {key}" for key in studio.spaces if key[0] == domain]
    names += [f"profile {key}" for key in studio.profiles if key[0] == domain]
    names += [f"domain {key}" for key in studio.domains if key == domain]
    names += [f"file system {key}" for key in studio.file_systems if key == system]
    for table in (studio.mount_targets, studio.access_points):
        names += [key for key, part in table.items() if part["FileSystemId"] == system]
    names += [group["GroupName"] for group in studio.groups.values() if is_nfs_group_of(domain, group)]
    names += running_jobs(studio, prefix)
    names += started_work(studio) if prefix == PREFIX else []
    names += [stream for stream in studio.streams_of(prefix) if stream not in foreign_streams(studio)]
    group = studio.log_groups.get(JOB_LOG_GROUP, {"retentionInDays": 1})
    return names if "retentionInDays" in group or studio.streams_of("") else [*names, JOB_LOG_GROUP]


def is_nfs_group_of(domain: str, group: Record) -> bool:
    return group["GroupName"] in (f"security-group-for-{way}-nfs-{domain}" for way in ("inbound", "outbound"))


def foreign_streams(studio: FakeStudio) -> list[str]:
    """Streams of the other stage's job, and of one of whose tags nothing is known."""
    return studio.streams_of(f"{PREFIX}2-") + studio.streams_of(f"{PREFIX}forgotten")


def started_work(studio: FakeStudio) -> list[str]:
    """Our schedules, and executions that run."""
    runs = [run for run in studio.executions.values() if run["stateMachineArn"] == MACHINE]
    names = [f"execution {run['name']}" for run in runs if run["status"] == "RUNNING"]
    return [*names, *(f"schedule {name}" for group, name in studio.schedules if group == "kempelen-dev")]


def running_jobs(studio: FakeStudio, prefix: str) -> list[str]:
    running = ("Initializing", "InProgress", "Stopping")
    jobs = [(name, job["LabelingJobStatus"]) for name, job in studio.labeling.items()]
    jobs += [(name, job["ProcessingJobStatus"]) for name, job in studio.processing.items()]
    wanted = (f"{prefix}labeling-job", f"{prefix}processing-job")
    return [name for name, status in jobs if name in wanted and status in running]


def others(studio: FakeStudio) -> Any:
    """Everything that is not ours, by value, to compare before and after."""
    return copy.deepcopy(
        (
            {key: value for key, value in studio.domains.items() if key == TWIN},
            studio.list_apps(TWIN),
            studio.list_spaces(TWIN),
            studio.list_user_profiles(TWIN),
            [system for key, system in studio.file_systems.items() if key != f"fs-{OURS[2:]}"],
            [part for part in studio.mount_targets.values() if part["FileSystemId"] != f"fs-{OURS[2:]}"],
            [part for part in studio.access_points.values() if part["FileSystemId"] != f"fs-{OURS[2:]}"],
            [group for group in studio.groups.values() if not is_nfs_group_of(OURS, group)],
            running_jobs(studio, f"{PREFIX}2-"),
            [key for key in studio.schedules if key[0] != "kempelen-dev"],
            [run["status"] for run in studio.executions.values() if run["stateMachineArn"] == OTHER_MACHINE],
            foreign_streams(studio),
            [group for group in studio.log_groups.values() if "retentionInDays" in group],
        )
    )
