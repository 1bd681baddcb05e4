"""Who else lives in a VPC, and what somebody who is gone has left in it."""

from __future__ import annotations

from typing import Any

from adapters.teardown.faults import translated
from adapters.teardown.pages import entries
from domain.errors import NotFound
from domain.teardown.scope import EFS_OWNER_TAG


def domains_in(sagemaker: Any, vpc_id: str) -> list[str]:
    """The SageMaker domains in a VPC, as people know them: `SageMaker domain 'name' (d-abc, InService)`.

    Raises:
        AwsError: they could not be listed or described.
    """
    found = []
    for listed in entries(sagemaker, "list_domains", "Domains"):
        try:
            with translated("describe_domain"):
                domain = sagemaker.describe_domain(DomainId=listed["DomainId"])  # the list does not name the VPC
        except NotFound:
            continue
        if domain.get("VpcId") == vpc_id:
            found.append(f"SageMaker domain {domain['DomainName']!r} ({domain['DomainId']}, {domain['Status']})")
    return sorted(found)


def files_left_in(efs: Any, sagemaker: Any, vpc_id: str) -> list[str]:
    """Home file systems with a mount target in a VPC whose domain is gone: `file system fs-1 of SageMaker domain d-abc,
    which is gone`. They are people's files: nobody but their owner may say that they go, too.

    Raises:
        AwsError: they could not be listed, or their domains not be looked for.
    """
    found = []
    for system in entries(efs, "describe_file_systems", "FileSystems"):
        tags = {tag["Key"]: tag["Value"] for tag in system.get("Tags", [])}
        _, marker, domain = tags.get(EFS_OWNER_TAG, "").partition(":domain/")
        identity = system["FileSystemId"]
        if marker and _is_in(efs, identity, vpc_id) and not _exists(sagemaker, domain):
            found.append(f"file system {identity} of SageMaker domain {domain}, which is gone")
    return sorted(found)


def _is_in(efs: Any, file_system: str, vpc_id: str) -> bool:
    try:
        targets = list(entries(efs, "describe_mount_targets", "MountTargets", FileSystemId=file_system))
    except NotFound:
        return False
    return any(target.get("VpcId") == vpc_id for target in targets)


def _exists(sagemaker: Any, domain: str) -> bool:
    try:
        with translated("describe_domain"):
            sagemaker.describe_domain(DomainId=domain)
    except NotFound:
        return False
    return True
