"""What is kept and watched: buckets, tables, logs, alarms, dashboards, keys, people."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from adapters.sweep.asking import Place, tags_of
from domain.errors import AwsError
from domain.sweep.model import Thing, Use
from domain.sweep.owner import may_be_ours

_LOGS_OF_SAGEMAKER = "/aws/sagemaker/"


def buckets(place: Place) -> Iterator[Thing]:
    """Those whose name may be ours, and the one that SageMaker makes in each Region; others are only counted."""
    of_sagemaker = f"sagemaker-{place.region}-{place.account}"
    for item in place.pages("s3", "list_buckets", "Buckets", BucketRegion=place.region):
        name = item["Name"]
        if name == of_sagemaker:
            yield Thing("bucket", name, {}, "", *_held(place, name), by_service=True)
        elif may_be_ours(name):
            yield Thing("bucket", name, _bucket_tags(place, name), "", *_held(place, name))
        else:
            yield Thing("bucket", name)


def _bucket_tags(place: Place, name: str) -> dict[str, str]:
    try:
        return tags_of(place.ask("s3", "get_bucket_tagging", Bucket=name)["TagSet"])
    except AwsError as error:
        if "NoSuchTagSet" in str(error):
            return {}
        raise


def _held(place: Place, bucket: str) -> tuple[tuple[Use, ...], str]:
    """What it holds, as S3 told CloudWatch within the last days; it does so once a day."""
    now = datetime.now(UTC)
    try:
        answer = place.ask(
            "cloudwatch",
            "get_metric_statistics",
            Namespace="AWS/S3",
            MetricName="BucketSizeBytes",
            Dimensions=[{"Name": "BucketName", "Value": bucket}, {"Name": "StorageType", "Value": "StandardStorage"}],
            StartTime=now - timedelta(days=3),
            EndTime=now,
            Period=86_400,
            Statistics=["Average"],
        )
    except AwsError:
        return (), "a bucket whose size may not be read"
    points = sorted(answer["Datapoints"], key=lambda point: point["Timestamp"])
    if not points:
        return (), "a bucket of which CloudWatch has no size yet"
    return (Use("s3/storage", points[-1]["Average"] / 1e9),), ""


def tables(place: Place) -> Iterator[Thing]:
    """By what they hold; requests are billed by use."""
    for name in place.pages("dynamodb", "list_tables", "TableNames"):
        if not may_be_ours(str(name)):
            yield Thing("table", str(name))
            continue
        described = place.find("dynamodb", "describe_table", TableName=name).get("Table")
        if described:
            tags = tags_of(place.pages("dynamodb", "list_tags_of_resource", "Tags", ResourceArn=described["TableArn"]))
            use = Use("dynamodb/storage", described.get("TableSizeBytes", 0) / 1e9)
            yield Thing("table", str(name), tags, described["TableStatus"], (use,))


def log_groups(place: Place) -> Iterator[Thing]:
    """By what they store."""
    for item in place.pages("logs", "describe_log_groups", "logGroups"):
        name = item["logGroupName"]
        tags = None
        if may_be_ours(name):
            arn = item["arn"].removesuffix(":*")
            tags = place.find("logs", "list_tags_for_resource", resourceArn=arn).get("tags", {})
        use = Use("logs/storage", item.get("storedBytes", 0) / 1e9)
        of_sagemaker = name.startswith(_LOGS_OF_SAGEMAKER)
        yield Thing("log group", name, tags, "", (use,), by_service=of_sagemaker, address={"logGroupName": name})


def alarms(place: Place) -> Iterator[Thing]:
    """By the month."""
    for item in place.pages("cloudwatch", "describe_alarms", "MetricAlarms", AlarmTypes=["MetricAlarm"]):
        name = item["AlarmName"]
        tags = None
        if may_be_ours(name):
            answer = place.find("cloudwatch", "list_tags_for_resource", ResourceARN=item["AlarmArn"])
            tags = tags_of(answer.get("Tags"))
        yield Thing("alarm", name, tags, "", (Use("alarm"),), address={"AlarmName": name})


def dashboards(place: Place) -> Iterator[Thing]:
    """The first three of an account are free, which is not reckoned."""
    for item in place.pages("cloudwatch", "list_dashboards", "DashboardEntries"):
        name = item["DashboardName"]
        yield Thing("dashboard", name, None, "", (Use("dashboard"),), address={"DashboardName": name})


def keys(place: Place) -> Iterator[Thing]:
    """Keys of one's own; those of AWS are free, and so are those that wait for their deletion."""
    for item in place.pages("kms", "list_keys", "Keys"):
        described = place.find("kms", "describe_key", KeyId=item["KeyId"]).get("KeyMetadata", {})
        if described.get("KeyManager") != "CUSTOMER" or described.get("KeyState") == "PendingDeletion":
            continue
        listed = place.pages("kms", "list_resource_tags", "Tags", KeyId=item["KeyId"])
        tags = {tag["TagKey"]: tag["TagValue"] for tag in listed}
        yield Thing("key", item["KeyId"], tags, described.get("KeyState", ""), (Use("kms-key"),))


def user_pools(place: Place) -> Iterator[Thing]:
    """Billed by the people who sign in, beyond a free number of them."""
    for item in place.pages("cognito-idp", "list_user_pools", "UserPools", MaxResults=60):
        name = item["Name"]
        tags = None
        if may_be_ours(name):
            pool = place.find("cognito-idp", "describe_user_pool", UserPoolId=item["Id"]).get("UserPool", {})
            tags = pool.get("UserPoolTags", {})
        yield Thing("user pool", f"{name} ({item['Id']})", tags)
