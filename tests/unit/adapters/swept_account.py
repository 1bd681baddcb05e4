"""An account with thirty left-overs of stage dev and thirty things of others that look like them."""

from __future__ import annotations

from typing import Any

from tests.support.fakes.recorded import RecordedAccount
from tests.unit.adapters.swept_names import ACCOUNT, NOW, OURS, THEIRS, arn_of, both, pairs, tags_of
from tests.unit.adapters.swept_sagemaker import sagemaker_answers


def _ec2() -> dict[str, Any]:
    def two(name: str, **fields: Any) -> list[dict[str, Any]]:
        prefix = fields.pop("prefix")
        return [
            {name: f"{prefix}-{whose}", "Tags": pairs(tags), **fields}
            for whose, tags in (("ours", OURS), ("theirs", THEIRS))
        ]

    gone = {"NatGatewayId": "nat-gone", "State": "deleted", "Tags": pairs(OURS)}
    gateway = {"VpcEndpointId": "vpce-free", "VpcEndpointType": "Gateway", "State": "available", "Tags": pairs(OURS)}
    interface = {"VpcEndpointType": "Interface", "State": "available", "SubnetIds": ["a", "b", "c"]}
    addresses = two("AllocationId", prefix="eipalloc")
    return {
        "describe_nat_gateways": {"NatGateways": [*two("NatGatewayId", prefix="nat", State="available"), gone]},
        "describe_addresses": {
            "Addresses": [{**item, "PublicIp": f"198.51.100.{n}"} for n, item in enumerate(addresses, start=1)]
        },
        "describe_vpc_endpoints": {"VpcEndpoints": [*two("VpcEndpointId", prefix="vpce", **interface), gateway]},
        "describe_volumes": {"Volumes": two("VolumeId", prefix="vol", VolumeType="gp3", Size=100, State="available")},
        "describe_snapshots": {"Snapshots": two("SnapshotId", prefix="snap", VolumeSize=100, State="completed")},
    }


def _file_systems() -> list[dict[str, Any]]:
    return [
        {
            "OwnerId": ACCOUNT,
            "CreationToken": "any",
            "FileSystemId": f"fs-{whose}",
            "CreationTime": NOW,
            "LifeCycleState": "available",
            "NumberOfMountTargets": 1,
            "SizeInBytes": {"Value": 10**10},
            "PerformanceMode": "generalPurpose",
            "Tags": pairs({"ManagedByAmazonSageMakerResource": arn_of("sagemaker", f"domain/d-{whose}")}),
        }
        for whose in ("ours", "theirs")
    ]


def _pool(**request: Any) -> dict[str, Any]:
    return {"UserPool": {"UserPoolTags": OURS if request["UserPoolId"].endswith("_ours") else THEIRS}}


def _table(**request: Any) -> dict[str, Any]:
    name = request["TableName"]
    arn = arn_of("dynamodb", f"table/{name}")
    return {"Table": {"TableName": name, "TableArn": arn, "TableStatus": "ACTIVE", "TableSizeBytes": 10**9}}


def any_account() -> RecordedAccount:
    """Lists as the services give them. Requests that change something are answered, and remembered."""
    alarm = [{"AlarmName": name, "AlarmArn": arn_of("cloudwatch", f"alarm:{name}")} for name in both("alarm")]
    groups = [
        {"logGroupName": name, "arn": arn_of("logs", f"log-group:{name}:*"), "storedBytes": 10**9}
        for name in both("log group")
    ]
    pools = [{"Id": f"us-east-1_{whose}", "Name": name.partition(" ")[0]}
             for whose, name in zip(("ours", "theirs"), both("user pool"), strict=True)]  # fmt: skip
    return RecordedAccount(
        {
            "sagemaker": sagemaker_answers(),
            "ec2": _ec2(),
            "efs": {"describe_file_systems": {"FileSystems": _file_systems()}},
            "s3": {
                "list_buckets": {"Buckets": [{"Name": name} for name in (*both("bucket"), "holiday-photos")]},
                "get_bucket_tagging": {"TagSet": pairs(OURS)},
            },
            "dynamodb": {
                "list_tables": {"TableNames": list(both("table"))},
                "describe_table": _table,
                "list_tags_of_resource": lambda **request: {"Tags": pairs(tags_of(request["ResourceArn"]))},
            },
            "logs": {
                "describe_log_groups": {"logGroups": groups},
                "list_tags_for_resource": {"tags": OURS},
            },
            "cloudwatch": {
                "describe_alarms": {"MetricAlarms": alarm},
                "list_tags_for_resource": lambda **request: {"Tags": pairs(tags_of(request["ResourceARN"]))},
                "list_dashboards": {"DashboardEntries": [{"DashboardName": name} for name in both("dashboard")]},
                "get_metric_statistics": {"Datapoints": [{"Timestamp": NOW, "Average": 5e9}]},
            },
            "kms": {
                "list_keys": {"Keys": [{"KeyId": name} for name in (*both("key"), "key-of-aws")]},
                "describe_key": lambda **request: {
                    "KeyMetadata": {
                        "KeyId": request["KeyId"],
                        "KeyManager": "AWS" if request["KeyId"] == "key-of-aws" else "CUSTOMER",
                        "KeyState": "Enabled",
                    }
                },
                "list_resource_tags": lambda **request: {
                    "Tags": [
                        {"TagKey": key, "TagValue": value}
                        for key, value in (OURS if request["KeyId"] == "key-ours" else THEIRS).items()
                    ]
                },
            },
            "cognito-idp": {"list_user_pools": {"UserPools": pools}, "describe_user_pool": _pool},
            "cloudformation": {"describe_stacks": {"Stacks": []}},
        }
    )
