"""The domain's home: an EFS file system with mount targets, and two security groups that refer to each other.

All of it lies in the customer's account, in ministack's own EFS and EC2, where DeleteDomain leaves most of it behind.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from ministack.services import ec2, efs

from localcloud.sagemaker.store import ACCOUNT, Record

TAG = "ManagedByAmazonSageMakerResource"
# NFS, and the ports of FSx for Lustre, which SageMaker opens in the same two groups.
_PORTS = ((2049, 2049), (988, 988), (1018, 1023))


def group_name(direction: str, domain_id: str) -> str:
    return f"security-group-for-{direction}-nfs-{domain_id}"


def create(domain: Record) -> str:
    """Make the file system, the two groups and a mount target in each Availability Zone; the file system's id."""
    inbound, outbound = (_group(domain, direction) for direction in ("inbound", "outbound"))
    for first, last in _PORTS:
        _allow(ec2._authorize_sg_ingress, inbound, outbound, first, last)
        _allow(ec2._authorize_sg_egress, outbound, inbound, first, last)
    request = {
        "CreationToken": domain["DomainId"],
        "Encrypted": True,
        "KmsKeyId": domain.get("HomeEfsFileSystemKmsKeyId", ""),
        "Tags": [{"Key": TAG, "Value": domain["DomainArn"]}],
    }
    file_system_id = str(_body(efs._create_file_system(request))["FileSystemId"])
    add_mount_targets(file_system_id, domain)
    return file_system_id


def add_mount_targets(file_system_id: str, domain: Record) -> None:
    """A mount target in each of the domain's subnets whose Availability Zone has none yet."""
    targets = [target for target in efs._mount_targets.values() if target["FileSystemId"] == file_system_id]
    zones = {target["AvailabilityZoneName"] for target in targets}
    group = find_group(domain, "inbound")
    for subnet_id in domain["SubnetIds"]:
        zone = ec2._subnets[subnet_id]["AvailabilityZone"]
        if zone not in zones:
            zones.add(zone)
            request = {
                "FileSystemId": file_system_id,
                "SubnetId": subnet_id,
                "SecurityGroups": [group] if group else [],
            }
            _body(efs._create_mount_target(request))


def delete(file_system_id: str) -> None:
    """What RetentionPolicy Delete removes: mount targets and file system; the security groups stay."""
    for target_id, target in list(efs._mount_targets.items()):
        if target["FileSystemId"] == file_system_id:
            efs._delete_mount_target(target_id)
    for point_id, point in list(efs._access_points.items()):
        if point["FileSystemId"] == file_system_id:
            efs._delete_access_point(point_id)
    efs._delete_file_system(file_system_id)


def find_group(domain: Record, direction: str) -> str | None:
    name = group_name(direction, domain["DomainId"])
    groups = (group for group in ec2._security_groups.values() if group["GroupName"] == name)
    return next((str(group["GroupId"]) for group in groups), None)


def _group(domain: Record, direction: str) -> str:
    name = group_name(direction, domain["DomainId"])
    query = {"GroupName": [name], "GroupDescription": [name], "VpcId": [domain["VpcId"]]}
    ec2._create_security_group(query)
    group_id = find_group(domain, direction)
    if group_id is None:
        raise RuntimeError(f"ministack did not create the security group {name}")
    ec2._security_groups[group_id]["IpPermissionsEgress"] = []
    ec2._tags[group_id] = [{"Key": TAG, "Value": domain["DomainArn"]}]
    return group_id


def _allow(authorize: Callable[[dict[str, Any]], Any], group: str, peer: str, first: int, last: int) -> None:
    rule = "IpPermissions.1"
    query = {
        "GroupId": group,
        f"{rule}.IpProtocol": "tcp",
        f"{rule}.FromPort": str(first),
        f"{rule}.ToPort": str(last),
        f"{rule}.Groups.1.GroupId": peer,
        f"{rule}.Groups.1.UserId": ACCOUNT,
    }
    authorize({key: [value] for key, value in query.items()})


def _body(answer: tuple[int, dict[str, str], bytes]) -> dict[str, Any]:
    status, _, body = answer
    content: dict[str, Any] = json.loads(body or b"{}")
    if status >= 400:
        raise RuntimeError(f"EFS refused what the domain needs: {content}")
    return content
