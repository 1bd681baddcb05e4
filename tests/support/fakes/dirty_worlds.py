"""Accounts as people leave them after months: every type of app, one name for many things, and states that AWS should
not have left behind; beside them things of others that look like ours."""

from __future__ import annotations

import random
from typing import Any

import botocore.session

from domain.teardown.scope import EFS_OWNER_TAG
from tests.support.fakes.logs import arn
from tests.support.fakes.studio import FakeStudio
from tests.support.fakes.teardown_worlds import OURS, TWIN, add_app, add_profile, add_space, any_world

APP_TYPES: tuple[str, ...] = tuple(
    botocore.session.get_session().get_service_model("sagemaker").shape_for("AppType").enum
)
APP_STATUSES = ("InService", "InService", "Pending", "Deleting", "Deleted", "Failed")
DOMAIN_STATUSES = ("InService", "InService", "Failed", "Update_Failed", "Delete_Failed", "Updating", "Deleting")
ONE_NAME = "default"


def dirty_world(seed: int, slowest: float | None = None) -> FakeStudio:
    """A random account; the same for the same seed. What moves comes to rest within 20 minutes, mostly within one, or
    within `slowest` seconds."""
    draw = random.Random(f"dirty {seed}")
    studio = any_world(seed, slowest)
    studio.slowest = slowest or draw.choice([0.2, 30.0, 60.0, 60.0, 60.0, 60.0, 60.0, 1200.0])
    studio.domains[OURS].update(Status=draw.choice(DOMAIN_STATUSES), FailureReason="injected")
    _settles(studio, draw, studio.domains[OURS])
    for add in (_people, _one_name_for_everything, _files, _network, _strangers):
        if draw.random() < 0.6:
            add(studio, draw)
    return studio


def _settles(studio: FakeStudio, draw: random.Random, record: dict[str, Any]) -> None:
    """A state that ends by itself, with a failure often enough."""
    after = {"Updating": ("InService", "Update_Failed"), "Deleting": ("Delete_Failed",), "Pending": ("InService",)}
    if record["Status"] in after:
        status = draw.choice(after[record["Status"]])
        studio.soon(lambda: record.update(Status=status))


def _people(studio: FakeStudio, draw: random.Random) -> None:
    """Profiles with a role, images and lifecycle scripts of their own, which SageMaker forgets with them; one that is
    being made right now; and apps of every type."""
    settings = {
        "ExecutionRole": arn("iam", "role/of-one's-own"),
        "JupyterLabAppSettings": {"LifecycleConfigArns": [arn("sagemaker", "studio-lifecycle-config/theirs")]},
        "KernelGatewayAppSettings": {"CustomImages": [{"ImageName": "theirs", "AppImageConfigName": "theirs"}]},
    }
    for number in range(draw.randint(1, 3)):
        name = f"person{number}"
        status = draw.choice(["InService", "Pending", "Updating", "Delete_Failed"])
        add_profile(studio, OURS, name, status, UserSettings=settings)
        _settles(studio, draw, studio.profiles[OURS, name])
        for kind in draw.sample(APP_TYPES, draw.randint(0, 4)):
            _app(studio, draw, kind, UserProfileName=name)


def _app(studio: FakeStudio, draw: random.Random, kind: str, name: str = ONE_NAME, **owner: str) -> None:
    app = add_app(studio, OURS, kind=kind, name=name, status=draw.choice(APP_STATUSES), **owner)
    ends = {"Pending": draw.choice(["InService", "Failed"]), "Deleting": "Deleted"}
    if app["Status"] in ends:
        studio.soon(lambda: app.update(Status=ends[app["Status"]]))


def _one_name_for_everything(studio: FakeStudio, draw: random.Random) -> None:
    """A profile, its private space and a shared one beside them, each with an app; all are called `default`."""
    for domain in (OURS, TWIN):
        add_profile(studio, domain, ONE_NAME)
        add_space(studio, domain, ONE_NAME, owner=draw.choice([ONE_NAME, None]))
        add_space(studio, domain, "shared", status="Update_Failed")
        add_app(studio, domain, SpaceName=ONE_NAME)
        add_app(studio, domain, UserProfileName=ONE_NAME)
    _app(studio, draw, "CodeEditor", SpaceName="shared")


def _files(studio: FakeStudio, draw: random.Random) -> None:
    """More access points than one, and mount targets that are still being made."""
    for number in range(draw.randint(1, 3)):
        point = f"fsap-0000more{number}"
        studio.access_points[point] = {
            "AccessPointId": point,
            "FileSystemId": "fs-ours",
            "LifeCycleState": "available",
        }
    target = studio.mount_targets["fsmt-0000ours1"]
    target["LifeCycleState"] = "creating"
    studio.soon(lambda: target.update(LifeCycleState="available"))


def _network(studio: FakeStudio, draw: random.Random) -> None:
    """Interfaces of apps that hang on for minutes after the apps are gone."""
    for number, group in enumerate(("sg-oursin", "sg-oursout")):
        interface = f"eni-{number}"
        studio.interfaces[interface] = [group]
        studio.soon(lambda gone=interface: studio.interfaces.pop(gone))


def _strangers(studio: FakeStudio, draw: random.Random) -> None:
    """File systems and groups of others, named and tagged as much like ours as can be."""
    tags = {
        "fs-longer": arn("sagemaker", f"domain/{OURS}-2"),
        "fs-shorter": arn("sagemaker", f"domain/{OURS[:-1]}"),
        "fs-bare": OURS,
        "fs-other-service": arn("sagemaker", f"space/{OURS}/mine"),
    }
    for system, value in tags.items():
        studio.file_systems[system] = {
            "FileSystemId": system,
            "LifeCycleState": "available",
            "Tags": [{"Key": EFS_OWNER_TAG, "Value": value}, {"Key": "kempelen:stage", "Value": "dev"}],
        }
    for name in (f"my-security-group-for-inbound-nfs-{OURS}", f"security-group-for-inbound-nfs-{OURS}-2"):
        studio.groups[f"sg-{name}"] = {
            "GroupId": f"sg-{name}",
            "GroupName": name,
            "IpPermissions": [],
            "IpPermissionsEgress": [{"IpProtocol": "-1"}],
        }
