"""Bucket, VPC and domain that the settings name: whether each is what AWS and Kempelen ask for (docs/existing.md)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from botocore.exceptions import ClientError

from adapters.aws_errors import error_code
from scripts.verify_account.account import Account
from scripts.verify_account.finding import Finding, judged, note, ok, problem

_KEPT = ("labels/", "datasets/")


def bucket(account: Account) -> Iterator[Finding]:
    name = account.stage.setting("storage", "bucket")
    if not name:
        return
    s3, topic = account.client("s3"), "given bucket"
    where = s3.get_bucket_location(Bucket=name).get("LocationConstraint") or "us-east-1"
    yield judged(topic, where == account.region, f"in {where}", f"in {where}, not in {account.region}: use one there")
    rules = _or_none(lambda: s3.get_bucket_cors(Bucket=name)["CORSRules"], "NoSuchCORSConfiguration") or []
    seen = any("GET" in rule["AllowedMethods"] and "*" in rule["AllowedOrigins"] for rule in rules)
    yield judged(topic, seen, "CORS lets a browser GET", "no CORS rule lets a browser GET from any origin: add one")
    versions = s3.get_bucket_versioning(Bucket=name).get("Status") == "Enabled"
    without = "keeps no versions: an overwritten label cannot be had back"
    yield ok(topic, "keeps versions") if versions else note(topic, without)
    yield _encryption(account, s3.get_bucket_encryption(Bucket=name)["ServerSideEncryptionConfiguration"]["Rules"])
    rules = _or_none(
        lambda: s3.get_bucket_lifecycle_configuration(Bucket=name)["Rules"], "NoSuchLifecycleConfiguration"
    )
    ends = [rule for rule in rules or [] if rule["Status"] == "Enabled" and "Expiration" in rule and _kept(rule)]
    lost = f"{len(ends)} lifecycle rules may expire what lies below {' or '.join(_KEPT)}: leave these prefixes out"
    yield judged(topic, not ends, "nothing that is to stay expires", lost)


def _encryption(account: Account, rules: list[dict[str, Any]]) -> Finding:
    default: dict[str, Any] = next((rule["ApplyServerSideEncryptionByDefault"] for rule in rules), {})
    key, named = default.get("KMSMasterKeyID"), account.stage.setting("storage", "bucket_key_arn")
    if not str(default.get("SSEAlgorithm", "")).startswith("aws:kms") or not key:
        return judged(
            "given bucket", not named, "encrypted by a key of AWS's", "bucket_key_arn names a key, it has none"
        )
    same = bool(named) and (key == named or str(named).endswith(f"/{key}"))
    return judged(
        "given bucket", same, "its key is bucket_key_arn", "its key is not storage.bucket_key_arn: name it there"
    )


def _kept(rule: dict[str, Any]) -> bool:
    """Whether the rule reaches what must stay: by its prefix, alone or with tags."""
    filtered = rule.get("Filter", {})
    prefix = rule.get("Prefix") or filtered.get("Prefix") or filtered.get("And", {}).get("Prefix") or ""
    return any(kept.startswith(prefix) or prefix.startswith(kept) for kept in _KEPT)


def vpc(account: Account) -> Iterator[Finding]:
    network = account.stage.settings.get("network", {})
    identity = network.get("vpc_id")
    if not identity:
        return
    ec2, topic = account.client("ec2"), "given VPC"
    subnets = ec2.describe_subnets(SubnetIds=network["subnet_ids"])["Subnets"]
    strange = [one["SubnetId"] for one in subnets if one["VpcId"] != identity]
    yield judged(topic, not strange, "has all of subnet_ids", f"{', '.join(strange)} are of another VPC")
    for attribute in ("enableDnsSupport", "enableDnsHostnames"):
        answer = ec2.describe_vpc_attribute(VpcId=identity, Attribute=attribute)
        value = answer[attribute[0].upper() + attribute[1:]]["Value"]
        yield judged(topic, value, f"{attribute} is on", f"{attribute} is off: turn it on")
    if network.get("mode") == "VpcOnly":
        yield from _ways_out(ec2, identity, network["subnet_ids"])
    group = network.get("security_group_id")
    if group:
        (found,) = ec2.describe_security_groups(GroupIds=[group])["SecurityGroups"]
        lets_in = any(pair["GroupId"] == group for rule in found["IpPermissions"] for pair in rule["UserIdGroupPairs"])
        yield judged(topic, lets_in, "the group lets itself in", f"{group} does not let itself in: apps need it")


def _ways_out(ec2: Any, identity: str, subnets: list[str]) -> Iterator[Finding]:
    pages = ec2.get_paginator("describe_route_tables").paginate(Filters=[{"Name": "vpc-id", "Values": [identity]}])
    tables = [one for page in pages for one in page["RouteTables"]]
    pages = ec2.get_paginator("describe_vpc_endpoints").paginate(Filters=[{"Name": "vpc-id", "Values": [identity]}])
    there = [one["ServiceName"].rpartition(".")[2] for page in pages for one in page["VpcEndpoints"]]
    for subnet in subnets:
        routes = _routes(tables, subnet)
        out = [one for one in routes if one.get("DestinationCidrBlock") == "0.0.0.0/0" and "NatGatewayId" in one]
        also = [one for one in routes if one.get("DestinationCidrBlock") == "0.0.0.0/0" and "TransitGatewayId" in one]
        says = "by NAT or a transit gateway" if out or also else f"by endpoints: {', '.join(sorted(there))}"
        closed = f"{subnet} has no route to a NAT or transit gateway, and the VPC no endpoints: apps would not start"
        yield judged("given VPC", bool(out or also or there), f"{subnet} reaches AWS {says}", closed)


def _routes(tables: list[dict[str, Any]], subnet: str) -> list[dict[str, Any]]:
    """Of the subnet's own table, or the VPC's main one."""
    own = [one for one in tables if any(link.get("SubnetId") == subnet for link in one["Associations"])]
    main = [one for one in tables if any(link.get("Main") for link in one["Associations"])]
    return list((own or main or [{"Routes": []}])[0]["Routes"])


def domain(account: Account) -> Iterator[Finding]:
    name = account.stage.setting("studio", "domain", "own")
    if not name.startswith("d-"):
        return
    try:
        status = account.client("sagemaker").describe_domain(DomainId=name)["Status"]
    except ClientError as error:
        if error_code(error) not in ("ResourceNotFound", "ResourceNotFoundException"):
            raise
        yield problem("given domain", f"there is no domain {name} in {account.region}")
        return
    yield judged("given domain", status == "InService", f"{name} is InService", f"{name} is {status}")


def _or_none(ask: Any, code: str) -> Any:
    try:
        return ask()
    except ClientError as error:
        if error_code(error) == code:
            return None
        raise
