"""Where each price stands in AWS's price list: the service, the filters of the request, the usage type.

How the list is asked and read: https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/using-price-list-query-api.html
The names of usage types are written from memory, but for a Processing job's, which a log of somebody's call shows. One
that the list does not have changes nothing: its price stays as it is, and is named.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

_PLACE = r"(?:[A-Z]{2,4}[0-9]?-|[a-z]{2}(?:-[a-z]+)+-[0-9]-)?"
"""A usage type begins with the Region, as `USE1-`, `EU-` or `us-east-1-`; that of us-east-1 often with none."""


@dataclass(frozen=True)
class Query:
    """`filters`: attributes that the products must have, besides the Region; `usage`: patterns of the usage type, the
    first that matches counts."""

    service: str
    usage: tuple[str, ...]
    filters: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    def rank(self, usage_type: str) -> int | None:
        """Which pattern the usage type matches; None where it is another one."""
        for number, pattern in enumerate(self.usage):
            if re.fullmatch(_PLACE + pattern, usage_type):
                return number
        return None


def _family(name: str) -> Mapping[str, str]:
    return MappingProxyType({"productFamily": name})


_QUERIES = {
    "alarm": Query("AmazonCloudWatch", ("CW:AlarmMonitorUsage",)),
    "canvas": Query("AmazonSageMaker", ("Canvas:Session-Hrs",)),
    "dashboard": Query("AmazonCloudWatch", ("DashboardsUsageHour",)),
    "dynamodb/read": Query("AmazonDynamoDB", ("ReadRequestUnits",)),
    "dynamodb/storage": Query("AmazonDynamoDB", ("TimedStorage-ByteHrs",)),
    "dynamodb/write": Query("AmazonDynamoDB", ("WriteRequestUnits",)),
    "ebs/gp2": Query("AmazonEC2", (r"EBS:VolumeUsage\.gp2",), _family("Storage")),
    "ebs/gp3": Query("AmazonEC2", (r"EBS:VolumeUsage\.gp3",), _family("Storage")),
    "ebs/snapshot": Query("AmazonEC2", ("EBS:SnapshotUsage",), _family("Storage Snapshot")),
    "efs/storage": Query("AmazonEFS", ("TimedStorage-ByteHrs",)),
    "feature-store/online": Query("AmazonSageMaker", ("FeatureStore:OnlineStorage-ByteHrs",)),
    "ground-truth/object": Query("AmazonSageMaker", ("GroundTruth:LabeledObjects?", "GroundTruth:Object-?Labeled")),
    "http-api/request": Query("AmazonApiGateway", ("ApiGatewayHttpRequest",)),
    "instance-volume": Query("AmazonSageMaker", (r"Notebk:VolumeUsage\.gp2", r"Studio:VolumeUsage\.gp[23]")),
    "interface-endpoint": Query("AmazonVPC", ("VpcEndpoint-Hours",)),
    "interface-endpoint/data": Query("AmazonVPC", ("VpcEndpoint-Bytes",)),
    "kms-key": Query("awskms", ("KMS-Keys",)),
    "lambda/gb-second": Query("AWSLambda", ("Lambda-GB-Second-ARM",)),
    "lambda/request": Query("AWSLambda", ("Request-ARM", "Request")),
    "logs/storage": Query("AmazonCloudWatch", ("TimedStorage-ByteHrs",)),
    "nat-gateway": Query("AmazonEC2", ("NatGateway-Hours",), _family("NAT Gateway")),
    "nat-gateway/data": Query("AmazonEC2", ("NatGateway-Bytes",), _family("NAT Gateway")),
    "public-address": Query("AmazonVPC", ("PublicIPv4:InUseAddress",)),
    "s3/get": Query("AmazonS3", ("Requests-Tier2",)),
    "s3/put": Query("AmazonS3", ("Requests-Tier1",)),
    "s3/storage": Query("AmazonS3", ("TimedStorage-ByteHrs",)),
    "secret": Query("AWSSecretsManager", ("AWSSecretsManager-Secrets",)),
}
_INSTANCE_USES = ("Processing", "Studio", "Notebk", "Host", "Train")
"""An hour of a machine costs the same whatever SageMaker does on it, as far as a bill at hand shows; the first that the
type has counts."""


def query_of(name: str) -> Query | None:
    """How to ask for a price by its name; None where the list does not have it."""
    kind, _, item = name.partition("/")
    if kind == "instance":
        return Query("AmazonSageMaker", tuple(f"{use}:{re.escape(item)}" for use in _INSTANCE_USES))
    return _QUERIES.get(name)
