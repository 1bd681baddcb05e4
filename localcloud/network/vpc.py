"""Network interfaces of managed services in the customer's VPC, and the refusals that follow from them.

ministack deletes a subnet or a security group whatever still uses it. EC2 answers DependencyViolation, and just that
makes tearing down a SageMaker domain hard: `install` adds it, for the API and for CloudFormation alike.
"""

from __future__ import annotations

import fnmatch
import ipaddress
import uuid
from collections.abc import Callable, Iterable
from typing import Any

from ministack.services import ec2, efs
from ministack.services.cloudformation import provisioners

Query = dict[str, Any]
Answer = tuple[int, dict[str, str], bytes]

_FILTERS: dict[str, Callable[[dict[str, Any]], list[str]]] = {
    "network-interface-id": lambda eni: [eni["NetworkInterfaceId"]],
    "subnet-id": lambda eni: [eni["SubnetId"]],
    "vpc-id": lambda eni: [eni["VpcId"]],
    "group-id": lambda eni: [group["GroupId"] for group in eni["Groups"]],
    "group-name": lambda eni: [group["GroupName"] for group in eni["Groups"]],
    "description": lambda eni: [eni["Description"]],
    "status": lambda eni: [eni["Status"]],
    "interface-type": lambda eni: [eni["InterfaceType"]],
}


def add_interface(subnet_id: str, groups: Iterable[str], description: str, address: str | None = None) -> str:
    """A network interface that a service holds in the customer's subnet; its id. Only the service can remove it."""
    subnet = ec2._subnets[subnet_id]
    eni_id = "eni-" + uuid.uuid4().hex[:17]
    ec2._network_interfaces[eni_id] = {
        "NetworkInterfaceId": eni_id,
        "SubnetId": subnet_id,
        "VpcId": subnet["VpcId"],
        "AvailabilityZone": subnet["AvailabilityZone"],
        "Description": description,
        "OwnerId": ec2.get_account_id(),
        "Status": "in-use",
        "PrivateIpAddress": address or _free_address(subnet),
        "InterfaceType": "interface",
        "SourceDestCheck": True,
        "MacAddress": "02:" + ":".join(f"{byte:02x}" for byte in uuid.uuid4().bytes[:5]),
        "Groups": _named(groups),
        "Attachment": None,
    }
    return eni_id


def remove_interface(eni_id: str) -> None:
    ec2._network_interfaces.pop(eni_id, None)


def _free_address(subnet: dict[str, Any]) -> str:
    taken = {eni["PrivateIpAddress"] for eni in ec2._network_interfaces.values()}
    network = ipaddress.ip_network(subnet["CidrBlock"])
    # AWS keeps the first four addresses of a subnet, and the last.
    addresses = (str(network[number]) for number in range(4, network.num_addresses - 1))
    return next(address for address in addresses if address not in taken)


def _named(groups: Iterable[str]) -> list[dict[str, str]]:
    known = ec2._security_groups
    return [{"GroupId": group, "GroupName": known.get(group, {}).get("GroupName", group)} for group in groups]


def install() -> None:
    """Add the dependency checks to ministack, once."""
    if ec2._ACTION_MAP["DeleteSubnet"] is _delete_subnet:
        return
    _original.update({name: ec2._ACTION_MAP[name] for name in _ACTIONS})
    ec2._ACTION_MAP.update(_ACTIONS)
    for name in _MOUNT_TARGETS:
        _original[name] = getattr(efs, name)
        setattr(efs, name, _MOUNT_TARGETS[name])
    for resource_type, blocker in (("Subnet", _subnet_user), ("SecurityGroup", _group_user)):
        handler = provisioners._RESOURCE_HANDLERS[f"AWS::EC2::{resource_type}"]
        handler["delete"] = _guarded(handler["delete"], resource_type, blocker)


_original: dict[str, Callable[..., Any]] = {}


def _subnet_user(subnet_id: str) -> str | None:
    users = (eni["NetworkInterfaceId"] for eni in ec2._network_interfaces.values() if eni["SubnetId"] == subnet_id)
    return next(users, None)


def _group_user(group_id: str) -> str | None:
    """What still uses the security group: an interface, or another group's rule (a group may refer to itself)."""
    for eni in ec2._network_interfaces.values():
        if any(group["GroupId"] == group_id for group in eni["Groups"]):
            return str(eni["NetworkInterfaceId"])
    for other in ec2._security_groups.values():
        rules = [*other.get("IpPermissions", []), *other.get("IpPermissionsEgress", [])]
        if other["GroupId"] != group_id and any(group_id in _referenced(rule) for rule in rules):
            return str(other["GroupId"])
    return None


def _referenced(rule: dict[str, Any]) -> list[str]:
    pairs = rule.get("UserIdGroupPairs", [])
    return [pair.get("GroupId", "") if isinstance(pair, dict) else str(pair) for pair in pairs]


def _delete_subnet(query: Query) -> Answer:
    subnet_id = ec2._p(query, "SubnetId")
    if _subnet_user(subnet_id):
        return _refusal(f"The subnet '{subnet_id}' has dependencies and cannot be deleted.")
    return _call("DeleteSubnet", query)


def _delete_security_group(query: Query) -> Answer:
    group_id = ec2._p(query, "GroupId")
    if _group_user(group_id):
        return _refusal(f"resource {group_id} has a dependent object")
    return _call("DeleteSecurityGroup", query)


def _delete_network_interface(query: Query) -> Answer:
    eni_id = ec2._p(query, "NetworkInterfaceId")
    if ec2._network_interfaces.get(eni_id, {}).get("Status") == "in-use":
        message = f"Network interface '{eni_id}' is currently in use."
        return tuple(ec2._error("InvalidParameterValue", message, 400))
    return _call("DeleteNetworkInterface", query)


def _describe_network_interfaces(query: Query) -> Answer:
    """ministack ignores the filters; here they select, with EC2's wildcards * and ?."""
    filters = ec2._parse_filters(query)
    unknown = sorted(name for name in filters if name not in _FILTERS)
    if unknown:
        message = f"The filter '{unknown[0]}' is invalid"
        return tuple(ec2._error("InvalidParameterValue", message, 400))
    wanted = [eni["NetworkInterfaceId"] for eni in ec2._network_interfaces.values() if _matches(eni, filters)]
    asked = ec2._parse_member_list(query, "NetworkInterfaceId")
    chosen = [eni_id for eni_id in wanted if not asked or eni_id in asked]
    if not filters:
        return _call("DescribeNetworkInterfaces", query)
    if not chosen:
        return tuple(ec2._xml(200, "DescribeNetworkInterfacesResponse", "<networkInterfaceSet></networkInterfaceSet>"))
    return _call("DescribeNetworkInterfaces", {f"NetworkInterfaceId.{n}": [e] for n, e in enumerate(chosen, start=1)})


def _matches(eni: dict[str, Any], filters: dict[str, list[str]]) -> bool:
    return all(
        any(
            fnmatch.fnmatchcase(value, pattern.replace("[", "[[]"))
            for value in _FILTERS[name](eni)
            for pattern in any_of
        )
        for name, any_of in filters.items()
    )


def _create_mount_target(body: dict[str, Any]) -> Answer:
    known = set(efs._mount_targets.keys())
    answer = _call("_create_mount_target", body)
    for target_id in set(efs._mount_targets.keys()) - known:
        target = efs._mount_targets[target_id]
        description = f"EFS mount target for {target['FileSystemId']} ({target_id})"
        target["NetworkInterfaceId"] = add_interface(
            target["SubnetId"], target["SecurityGroups"], description, target.get("IpAddress")
        )
    return answer


def _delete_mount_target(target_id: str) -> Answer:
    remove_interface(efs._mount_targets.get(target_id, {}).get("NetworkInterfaceId", ""))
    return _call("_delete_mount_target", target_id)


def _modify_mount_target_security_groups(target_id: str, body: dict[str, Any]) -> Answer:
    answer = _call("_modify_mount_target_security_groups", target_id, body)
    target = efs._mount_targets.get(target_id)
    if target:
        ec2._network_interfaces[target["NetworkInterfaceId"]]["Groups"] = _named(target["SecurityGroups"])
    return answer


def _call(name: str, *arguments: Any) -> Answer:
    status, headers, body = _original[name](*arguments)
    return status, headers, body


def _refusal(message: str) -> Answer:
    return tuple(ec2._error("DependencyViolation", message, 400))


def _guarded(
    delete: Callable[..., None], resource_type: str, blocker: Callable[[str], str | None]
) -> Callable[..., None]:
    def refuse_or_delete(physical_id: str, *arguments: Any) -> None:
        user = blocker(physical_id)
        if user:
            raise ValueError(f"DependencyViolation: {resource_type} {physical_id} is still used by {user}")
        delete(physical_id, *arguments)

    return refuse_or_delete


_ACTIONS: dict[str, Callable[[Query], Answer]] = {
    "DeleteSubnet": _delete_subnet,
    "DeleteSecurityGroup": _delete_security_group,
    "DeleteNetworkInterface": _delete_network_interface,
    "DescribeNetworkInterfaces": _describe_network_interfaces,
}
_MOUNT_TARGETS: dict[str, Callable[..., Answer]] = {
    "_create_mount_target": _create_mount_target,
    "_delete_mount_target": _delete_mount_target,
    "_modify_mount_target_security_groups": _modify_mount_target_security_groups,
}
