"""Domains of Studio with their apps, spaces and home file systems."""

from __future__ import annotations

from collections.abc import Iterator

from adapters.sweep.asking import Place, tags_of
from adapters.sweep.machines import machines, tags_in_sagemaker
from domain.sweep.model import Thing, Use
from domain.teardown.scope import EFS_OWNER_TAG

_FREE_APPS = {"JupyterServer"}
"""Studio Classic's own server runs on a machine that is not billed:
https://docs.aws.amazon.com/sagemaker/latest/dg/notebooks-usage-metering.html tells of the images' machines alone."""
_GONE = ("Deleted", "Failed")


def domains(place: Place) -> Iterator[Thing]:
    """A domain costs nothing by itself; what hangs on it does."""
    for item in place.pages("sagemaker", "list_domains", "Domains"):
        identity = item["DomainId"]
        tags = tags_in_sagemaker(place, item["DomainArn"])
        yield Thing("domain", f"{item['DomainName']} ({identity})", tags, item["Status"], domain=identity)


def apps(place: Place) -> Iterator[Thing]:
    """Canvas by its own price, others by their machine."""
    for item in place.pages("sagemaker", "list_apps", "Apps"):
        if item["Status"] in _GONE:
            continue
        owner = {member: item[member] for member in ("UserProfileName", "SpaceName") if item.get(member)}
        kind, name = item["AppType"], item["AppName"]
        machine = item.get("ResourceSpec", {}).get("InstanceType")
        uses = (Use("canvas"),) if kind == "Canvas" else () if kind in _FREE_APPS else machines(machine, 1)
        unknown = f"an app {kind} whose machine is not told" if not uses and kind not in _FREE_APPS else ""
        address = {"DomainId": item["DomainId"], **owner, "AppType": kind, "AppName": name}
        yield Thing(
            "app",
            f"{kind}/{name} of {next(iter(owner.values()), '?')} in {item['DomainId']}",
            None,
            item["Status"],
            uses,
            unpriced=unknown,
            domain=item["DomainId"],
            address=address,
        )


def spaces(place: Place) -> Iterator[Thing]:
    """By the volume of each."""
    for item in place.pages("sagemaker", "list_spaces", "Spaces"):
        storage = item.get("SpaceSettingsSummary", {}).get("SpaceStorageSettings", {}).get("EbsStorageSettings", {})
        size = storage.get("EbsVolumeSizeInGb")
        yield Thing(
            "space",
            f"{item['SpaceName']} in {item['DomainId']}",
            None,
            item.get("Status", ""),
            (Use("instance-volume", size),) if size else (),
            domain=item["DomainId"],
            address={"DomainId": item["DomainId"], "SpaceName": item["SpaceName"]},
        )


def file_systems(place: Place) -> Iterator[Thing]:
    """All of EFS; SageMaker tags a home file system with its domain's ARN."""
    for item in place.pages("efs", "describe_file_systems", "FileSystems"):
        tags = tags_of(item.get("Tags"))
        domain = tags.get(EFS_OWNER_TAG, "").rpartition("/")[2] or None
        size = item.get("SizeInBytes", {}).get("Value", 0)
        yield Thing(
            "file system",
            item["FileSystemId"],
            tags,
            item["LifeCycleState"],
            (Use("efs/storage", size / 1e9),) if size else (),
            domain=domain,
            by_service=domain is not None,
            address={"FileSystemId": item["FileSystemId"]},
        )
