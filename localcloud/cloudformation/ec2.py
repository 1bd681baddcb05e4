"""EC2's resource types: addresses, NAT gateways, security group rules, flow logs."""

from __future__ import annotations

from typing import Any

from localcloud.clients import client
from localcloud.cloudformation.registry import Created, Properties, register

_RULE_TARGETS = {
    "CidrIp": ("IpRanges", "CidrIp"),
    "CidrIpv6": ("Ipv6Ranges", "CidrIpv6"),
    "SourceSecurityGroupId": ("UserIdGroupPairs", "GroupId"),
    "DestinationSecurityGroupId": ("UserIdGroupPairs", "GroupId"),
    "SourcePrefixListId": ("PrefixListIds", "PrefixListId"),
    "DestinationPrefixListId": ("PrefixListIds", "PrefixListId"),
}
_FLOW_LOG = (
    "DeliverLogsPermissionArn",
    "LogDestination",
    "LogDestinationType",
    "LogGroupName",
    "ResourceType",
    "TrafficType",
)


def register_types() -> None:
    register("AWS::EC2::EIP", _create_address, _delete_address, tags=True)
    register("AWS::EC2::NatGateway", _create_nat_gateway, _delete_nat_gateway, tags=True)
    register("AWS::EC2::FlowLog", _create_flow_log, _delete_flow_log, tags=True)
    for direction in ("ingress", "egress"):
        rule = _SecurityGroupRule(direction)
        register(f"AWS::EC2::SecurityGroup{direction.title()}", rule.create, rule.delete)


def _tags(kind: str, properties: Properties) -> dict[str, Any]:
    tags = properties.get("Tags") or []
    return {"TagSpecifications": [{"ResourceType": kind, "Tags": tags}]} if tags else {}


def _create_address(properties: Properties, _name: str) -> Created:
    found = client("ec2").allocate_address(Domain="vpc", **_tags("elastic-ip", properties))
    attributes = {"AllocationId": found["AllocationId"], "PublicIp": found["PublicIp"]}
    return found["PublicIp"], attributes


def _delete_address(public_ip: str, _properties: Properties) -> None:
    for address in client("ec2").describe_addresses()["Addresses"]:
        if address["PublicIp"] == public_ip:
            client("ec2").release_address(AllocationId=address["AllocationId"])


def _create_nat_gateway(properties: Properties, _name: str) -> Created:
    given = {key: properties[key] for key in ("SubnetId", "AllocationId", "ConnectivityType") if key in properties}
    gateway = client("ec2").create_nat_gateway(**given, **_tags("natgateway", properties))["NatGateway"]
    return gateway["NatGatewayId"], {"NatGatewayId": gateway["NatGatewayId"]}


def _delete_nat_gateway(gateway_id: str, _properties: Properties) -> None:
    client("ec2").delete_nat_gateway(NatGatewayId=gateway_id)


def _create_flow_log(properties: Properties, _name: str) -> Created:
    given = {key: properties[key] for key in _FLOW_LOG if key in properties}
    found = client("ec2").create_flow_logs(
        ResourceIds=[properties["ResourceId"]], **given, **_tags("vpc-flow-log", properties)
    )
    return found["FlowLogIds"][0], {"Id": found["FlowLogIds"][0]}


def _delete_flow_log(flow_log_id: str, _properties: Properties) -> None:
    client("ec2").delete_flow_logs(FlowLogIds=[flow_log_id])


class _SecurityGroupRule:
    def __init__(self, direction: str) -> None:
        self._direction = direction

    def create(self, properties: Properties, _name: str) -> Created:
        authorize = getattr(client("ec2"), f"authorize_security_group_{self._direction}")
        found = authorize(GroupId=properties["GroupId"], IpPermissions=[_permission(properties)])
        rule_id = found["SecurityGroupRules"][0]["SecurityGroupRuleId"]
        return rule_id, {"Id": rule_id}

    def delete(self, _rule_id: str, properties: Properties) -> None:
        revoke = getattr(client("ec2"), f"revoke_security_group_{self._direction}")
        revoke(GroupId=properties["GroupId"], IpPermissions=[_permission(properties)])


def _permission(properties: Properties) -> dict[str, Any]:
    permission: dict[str, Any] = {"IpProtocol": str(properties["IpProtocol"])}
    for name in ("FromPort", "ToPort"):
        if name in properties:
            permission[name] = int(properties[name])
    for name, (ranges, member) in _RULE_TARGETS.items():
        if name in properties:
            permission[ranges] = [{member: properties[name]}]
    return permission
