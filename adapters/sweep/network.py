"""What a network costs: NAT gateways, addresses, interface endpoints; and volumes with their snapshots."""

from __future__ import annotations

from collections.abc import Iterator

from adapters.sweep.asking import Place, tags_of
from domain.sweep.model import Thing, Use

_GONE = ("deleted", "deleting")


def nat_gateways(place: Place) -> Iterator[Thing]:
    """What they carry is billed besides."""
    for item in place.pages("ec2", "describe_nat_gateways", "NatGateways"):
        if item["State"] not in _GONE:
            name = item["NatGatewayId"]
            address = {"NatGatewayId": name}
            uses = (Use("nat-gateway"),)
            yield Thing("NAT gateway", name, tags_of(item.get("Tags")), item["State"], uses, address=address)


def addresses(place: Place) -> Iterator[Thing]:
    """Billed whether anything uses them or not. This list has one page."""
    for item in place.ask("ec2", "describe_addresses")["Addresses"]:
        status = "used" if item.get("AssociationId") else "unused"
        name = f"{item.get('PublicIp', '?')} ({item['AllocationId']})"
        address = {"AllocationId": item["AllocationId"]}
        tags = tags_of(item.get("Tags"))
        yield Thing("public address", name, tags, status, (Use("public-address"),), address=address)


def interface_endpoints(place: Place) -> Iterator[Thing]:
    """In each zone; gateway endpoints are free."""
    for item in place.pages("ec2", "describe_vpc_endpoints", "VpcEndpoints"):
        if item.get("VpcEndpointType") == "Interface" and item.get("State", "").lower() not in _GONE:
            name = item["VpcEndpointId"]
            zones = len(item.get("SubnetIds", []))
            yield Thing(
                "interface endpoint",
                name,
                tags_of(item.get("Tags")),
                item.get("State", ""),
                (Use("interface-endpoint", zones),),
                address={"VpcEndpointId": name},
            )


def volumes(place: Place) -> Iterator[Thing]:
    """By size; other kinds than gp2 and gp3 have prices of their own."""
    for item in place.pages("ec2", "describe_volumes", "Volumes"):
        name = item["VolumeId"]
        use = Use(f"ebs/{item['VolumeType']}", item["Size"])
        tags = tags_of(item.get("Tags"))
        yield Thing("volume", name, tags, item["State"], (use,), address={"VolumeId": name})


def snapshots(place: Place) -> Iterator[Thing]:
    """At most: a snapshot holds what has changed since the one before it, of the whole volume if it is the first."""
    for item in place.pages("ec2", "describe_snapshots", "Snapshots", OwnerIds=["self"]):
        name = item["SnapshotId"]
        use = Use("ebs/snapshot", item["VolumeSize"])
        tags = tags_of(item.get("Tags"))
        yield Thing("snapshot", name, tags, item["State"], (use,), address={"SnapshotId": name})
