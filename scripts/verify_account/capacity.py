"""What of AWS the stage needs to be there: machines, an image, a runtime, zones, endpoints, room for a VPC."""

from __future__ import annotations

from collections.abc import Iterator

from botocore.exceptions import ClientError

from adapters.aws_errors import error_code
from adapters.quotas import ServiceQuotas
from scripts.verify_account.account import Account
from scripts.verify_account.finding import Finding, judged, note, ok, problem
from scripts.verify_account.stage import resolved

_VPCS = "L-F678F1CE"
"""The code of "VPCs per Region", https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html."""


def machines(account: Account) -> Iterator[Finding]:
    for kind in account.stage.machines:
        quota = ServiceQuotas(account.client("service-quotas")).processing_instances(kind)
        if quota is None:
            yield note("machine quota", f"Service Quotas lists none for {kind} in processing jobs")
            continue
        more = f"aws service-quotas request-service-quota-increase --service-code sagemaker --quota-code {quota.code}"
        yield judged(
            "machine quota",
            quota.value >= 1,
            f"{quota.value:.0f} x {kind} for processing jobs",
            f"none of {kind} for processing jobs: `{more} --desired-value 2`, or another processing.instance_type",
        )


def image(account: Account) -> Iterator[Finding]:
    """By the call with which SageMaker's own pull begins; the repository is AWS's."""
    if account.stage.image is None:
        return
    owner, repository, tag = account.stage.image
    answer = account.client("ecr").batch_get_image(
        registryId=owner, repositoryName=repository, imageIds=[{"imageTag": tag}]
    )
    found = bool(answer.get("images"))
    yield judged("processing image", found, f"{repository}:{tag} can be pulled", f"{repository}:{tag} is not there")


def runtime(account: Account) -> Iterator[Finding]:
    """ListLayers refuses a runtime or processor that Lambda does not know there:
    https://docs.aws.amazon.com/lambda/latest/api/API_ListLayers.html."""
    asked = {
        (one.properties["Runtime"], one.properties["Architectures"][0])
        for one in account.stage.of_kind("AWS::Lambda::Function")
        if "Architectures" in one.properties
    }
    for name, processor in sorted(asked):
        try:
            account.client("lambda").list_layers(CompatibleRuntime=name, CompatibleArchitecture=processor, MaxItems=1)
        except ClientError as error:
            if error_code(error) not in ("InvalidParameterValueException", "ValidationException"):
                raise
            yield problem("Lambda runtime", f"{name} on {processor} is unknown in {account.region}: {error}")
        else:
            yield ok("Lambda runtime", f"{name} on {processor}")


def network(account: Account) -> Iterator[Finding]:
    """Only of a VPC of the stage's own."""
    if not any(account.stage.of_kind("AWS::EC2::VPC")):
        yield note("VPC", "the stage makes none")
        return
    ec2 = account.client("ec2")
    vpcs = [one for page in ec2.get_paginator("describe_vpcs").paginate() for one in page["Vpcs"]]
    yield note("VPC", f"{'a' if any(one.get('IsDefault') for one in vpcs) else 'no'} default VPC here: it is not used")
    zones = _zones(account)
    needed = len({str(one.properties["AvailabilityZone"]) for one in account.stage.of_kind("AWS::EC2::Subnet")})
    few = f"{len(zones)} zones, and {needed} are needed: name two or more by network.availability_zones"
    yield judged("zones", len(zones) >= needed, f"{len(zones)} zones, {needed} are needed", few)
    value = account.client("service-quotas").get_service_quota(ServiceCode="vpc", QuotaCode=_VPCS)["Quota"]["Value"]
    room = value > len(vpcs) or bool(account.deployed)
    full = f"{len(vpcs)} VPCs of {value:.0f}: ask Service Quotas for more ({_VPCS}), or set network.vpc_id"
    yield judged("room for a VPC", room, f"{len(vpcs)} of {value:.0f} VPCs are used", full)


def endpoints(account: Account) -> Iterator[Finding]:
    """Whether each interface endpoint's service is in every zone of the subnets."""
    asked = account.stage.of_kind("AWS::EC2::VPCEndpoint")
    named = {resolved(one.properties["ServiceName"], account.region, account.number): one for one in asked}
    names = [name for name, one in named.items() if name and one.properties.get("VpcEndpointType") == "Interface"]
    if not names:
        return
    pages = account.client("ec2").get_paginator("describe_vpc_endpoint_services").paginate(ServiceNames=names)
    found = {one["ServiceName"]: set(one["AvailabilityZones"]) for page in pages for one in page["ServiceDetails"]}
    subnets = [one.properties["AvailabilityZone"] for one in account.stage.of_kind("AWS::EC2::Subnet")]
    named_zones = {zone for zone in subnets if isinstance(zone, str)}
    zones = named_zones or set(_zones(account)[: len({str(zone) for zone in subnets})])
    for name in names:
        lacking = sorted(zones - found.get(name, set()))
        instead = f"{name} is not in {', '.join(lacking)}: name zones that have it by network.availability_zones"
        yield judged("endpoint", not lacking, f"{name} is in all zones of the stage", instead)


def _zones(account: Account) -> list[str]:
    answer = account.client("ec2").describe_availability_zones(
        Filters=[{"Name": "zone-type", "Values": ["availability-zone"]}]
    )
    return sorted(one["ZoneName"] for one in answer["AvailabilityZones"] if one["State"] == "available")
