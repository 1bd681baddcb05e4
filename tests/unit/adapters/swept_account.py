"""An account with thirty left-overs of stage dev and thirty things of others that look like them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from tests.support.fakes.recorded import RecordedAccount

ACCOUNT, REGION = "123456789012", "us-east-1"
NOW = datetime(2026, 11, 28, tzinfo=UTC)
OUR_DOMAIN, THEIR_DOMAIN = "d-ours", "d-theirs"
OURS = {"project": "kempelen", "kempelen:stage": "dev"}
THEIRS = {"project": "faces", "stage": "dev"}

LEFT_OVERS = (
    ("domain", "kempelen-dev (d-ours)"),
    ("app", "Canvas/default of jane in d-ours"),
    ("app", "JupyterLab/default of notes in d-ours"),
    ("space", "notes in d-ours"),
    ("file system", "fs-ours"),
    ("endpoint", "kempelen-dev-serve"),
    ("inference component", "kempelen-dev-part"),
    ("notebook instance", "kempelen-dev-notes"),
    ("processing job", "kempelen-dev-augment"),
    ("training job", "kempelen-dev-train"),
    ("warm pool", "kempelen-dev-warm"),
    ("transform job", "kempelen-dev-transform"),
    ("labeling job", "kempelen-dev-label"),
    ("AutoML job", "kempelen-dev-auto"),
    ("tuning job", "kempelen-dev-tune"),
    ("feature group", "kempelen-dev-features"),
    ("MLflow server", "kempelen-dev-mlflow"),
    ("HyperPod cluster", "kempelen-dev-pod"),
    ("NAT gateway", "nat-ours"),
    ("public address", "198.51.100.1 (eipalloc-ours)"),
    ("interface endpoint", "vpce-ours"),
    ("volume", "vol-ours"),
    ("snapshot", "snap-ours"),
    ("bucket", "kempelen-dev-storage-data"),
    ("table", "kempelen-dev-storage-ledger"),
    ("log group", "/aws/lambda/kempelen-dev-preflight"),
    ("alarm", "kempelen-dev-workflow-Errors"),
    ("dashboard", "kempelen-dev"),
    ("key", "key-ours"),
    ("user pool", "kempelen-dev-workers (us-east-1_ours)"),
)
FOREIGN = (
    ("domain", "kempelen-dev-faces (d-theirs)"),
    ("app", "Canvas/default of jane in d-theirs"),
    ("app", "JupyterLab/default of notes in d-theirs"),
    ("space", "notes in d-theirs"),
    ("file system", "fs-theirs"),
    ("endpoint", "kempelen-dev-2-serve"),
    ("inference component", "faces-part"),
    ("notebook instance", "kempelen-dev-untagged"),
    ("processing job", "kempelen-dev-2-augment"),
    ("training job", "faces-train"),
    ("warm pool", "faces-warm"),
    ("transform job", "faces-transform"),
    ("labeling job", "faces-label"),
    ("AutoML job", "faces-auto"),
    ("tuning job", "faces-tune"),
    ("feature group", "faces-features"),
    ("MLflow server", "faces-mlflow"),
    ("HyperPod cluster", "faces-pod"),
    ("NAT gateway", "nat-theirs"),
    ("public address", "198.51.100.2 (eipalloc-theirs)"),
    ("interface endpoint", "vpce-theirs"),
    ("volume", "vol-theirs"),
    ("snapshot", "snap-theirs"),
    ("bucket", f"sagemaker-{REGION}-{ACCOUNT}"),
    ("table", "not-kempelen-dev-ledger"),
    ("log group", "/aws/sagemaker/TrainingJobs"),
    ("alarm", "kempelen-dev-of-somebody"),
    ("dashboard", "kempelen-faces-ABC"),
    ("key", "key-theirs"),
    ("user pool", "kempelen-dev-workers-of-others (us-east-1_theirs)"),
)


def _tags(arn: str) -> dict[str, str]:
    """By the name at an ARN's end."""
    names = {name for _, name in LEFT_OVERS} | {OUR_DOMAIN, "ours"}
    return OURS if arn.rpartition("/")[2].rpartition(":")[2] in names else THEIRS


def pairs(tags: dict[str, str]) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in tags.items()]


def _arn(service: str, resource: str) -> str:
    return f"arn:aws:{service}:{REGION}:{ACCOUNT}:{resource}"


def _both(kind: str) -> tuple[str, str]:
    """The names of ours and theirs of a kind."""
    return next(name for k, name in LEFT_OVERS if k == kind), next(name for k, name in FOREIGN if k == kind)


def _summaries(kind: str, word: str, resource: str, **fields: Any) -> list[dict[str, Any]]:
    return [
        {
            f"{word}Name": name,
            f"{word}Arn": _arn("sagemaker", f"{resource}/{name}"),
            "CreationTime": NOW,
            "LastModifiedTime": NOW,
            **fields,
        }
        for name in _both(kind)
    ]


def _jobs(kind: str, word: str, resource: str, member: str, **more: Any) -> Callable[..., dict[str, Any]]:
    entries = _summaries(kind, word, resource, **{f"{word}Status": "InProgress"}, **more)

    def answer(**request: Any) -> dict[str, Any]:
        return {member: entries if request.get("StatusEquals") == "InProgress" else []}

    return answer


def _training(**request: Any) -> dict[str, Any]:
    status = {"TrainingJobStatus": "Completed"}
    warm = _summaries("warm pool", "TrainingJob", "training-job", **status, WarmPoolStatus={"Status": "Available"})
    running = _summaries("training job", "TrainingJob", "training-job", TrainingJobStatus="InProgress")
    warm = [{**item, "WarmPoolStatus": {"Status": "Available"}} for item in warm]
    if request.get("WarmPoolStatusEquals") == "Available":
        return {"TrainingJobSummaries": warm}
    return {"TrainingJobSummaries": running if request.get("StatusEquals") == "InProgress" else []}


CLUSTER = {"InstanceType": "ml.m5.xlarge", "InstanceCount": 3, "VolumeSizeInGB": 30}


def _sagemaker() -> dict[str, Any]:
    endpoint = {"CreationTime": NOW, "LastModifiedTime": NOW, "EndpointStatus": "InService"}
    apps = [
        {
            "DomainId": domain,
            "AppType": "Canvas",
            "AppName": "default",
            "UserProfileName": "jane",
            "Status": "InService",
        }
        for domain in (OUR_DOMAIN, THEIR_DOMAIN)
    ]
    lab = {"AppType": "JupyterLab", "AppName": "default", "SpaceName": "notes", "Status": "InService"}
    apps += [
        {"DomainId": domain, **lab, "ResourceSpec": {"InstanceType": "ml.t3.medium"}}
        for domain in (OUR_DOMAIN, THEIR_DOMAIN)
    ]
    gone = {
        "DomainId": OUR_DOMAIN,
        "AppType": "Canvas",
        "AppName": "old",
        "UserProfileName": "jim",
        "Status": "Deleted",
    }
    volume = {"SpaceStorageSettings": {"EbsStorageSettings": {"EbsVolumeSizeInGb": 5}}}
    processing = {"ProcessingInputs": [], "ProcessingJobStatus": "InProgress", "CreationTime": NOW}
    return {
        "list_tags": lambda **request: {"Tags": pairs(_tags(request["ResourceArn"]))},
        "list_domains": {
            "Domains": [
                {
                    "DomainArn": _arn("sagemaker", f"domain/{identity}"),
                    "DomainId": identity,
                    "DomainName": name.partition(" ")[0],
                    "Status": "InService",
                }
                for identity, name in zip((OUR_DOMAIN, THEIR_DOMAIN), _both("domain"), strict=True)
            ]
        },
        "list_apps": {"Apps": [*apps, gone]},
        "list_spaces": {
            "Spaces": [
                {"DomainId": domain, "SpaceName": "notes", "Status": "InService", "SpaceSettingsSummary": volume}
                for domain in (OUR_DOMAIN, THEIR_DOMAIN)
            ]
        },
        "list_endpoints": {
            "Endpoints": [
                {"EndpointName": name, "EndpointArn": _arn("sagemaker", f"endpoint/{name}"), **endpoint}
                for name in _both("endpoint")
            ]
        },
        "describe_endpoint": lambda **request: {
            "EndpointName": request["EndpointName"],
            "EndpointArn": _arn("sagemaker", f"endpoint/{request['EndpointName']}"),
            "EndpointConfigName": "config",
            "ProductionVariants": [{"VariantName": "a", "CurrentInstanceCount": 2}, {"VariantName": "b"}],
            **endpoint,
        },
        "describe_endpoint_config": {
            "EndpointConfigName": "config",
            "EndpointConfigArn": _arn("sagemaker", "endpoint-config/config"),
            "CreationTime": NOW,
            "ProductionVariants": [
                {"VariantName": "a", "InstanceType": "ml.m5.xlarge"},
                {"VariantName": "b", "ServerlessConfig": {"MemorySizeInMB": 1024, "MaxConcurrency": 1}},
            ],
        },
        "list_inference_components": {
            "InferenceComponents": _summaries(
                "inference component",
                "InferenceComponent",
                "inference-component",
                EndpointArn=_arn("sagemaker", "endpoint/any"),
                EndpointName="any",
                VariantName="a",
            )
        },
        "list_notebook_instances": {
            "NotebookInstances": _summaries(
                "notebook instance",
                "NotebookInstance",
                "notebook-instance",
                NotebookInstanceStatus="InService",
                InstanceType="ml.t3.medium",
            )
        },
        "describe_notebook_instance": {"VolumeSizeInGB": 5},
        "list_processing_jobs": _jobs("processing job", "ProcessingJob", "processing-job", "ProcessingJobSummaries"),
        "describe_processing_job": lambda **request: {
            **request,
            "ProcessingJobArn": _arn("sagemaker", f"processing-job/{request['ProcessingJobName']}"),
            "AppSpecification": {"ImageUri": "image"},
            "ProcessingResources": {"ClusterConfig": CLUSTER},
            **processing,
        },
        "list_training_jobs": _training,
        "describe_training_job": {
            "TrainingJobName": "any",
            "TrainingJobArn": _arn("sagemaker", "training-job/any"),
            "ModelArtifacts": {"S3ModelArtifacts": "s3://a/b"},
            "TrainingJobStatus": "InProgress",
            "SecondaryStatus": "Training",
            "AlgorithmSpecification": {"TrainingInputMode": "File"},
            "ResourceConfig": {"InstanceType": "ml.g5.xlarge", "InstanceCount": 1, "VolumeSizeInGB": 30},
            "StoppingCondition": {},
            "CreationTime": NOW,
        },
        "list_transform_jobs": _jobs("transform job", "TransformJob", "transform-job", "TransformJobSummaries"),
        "describe_transform_job": {
            "TransformJobName": "any",
            "TransformJobArn": _arn("sagemaker", "transform-job/any"),
            "TransformJobStatus": "InProgress",
            "ModelName": "any",
            "TransformInput": {"DataSource": {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": "s3://a/b"}}},
            "TransformResources": {"InstanceType": "ml.m5.large", "InstanceCount": 1},
            "CreationTime": NOW,
        },
        "list_labeling_jobs": _jobs(
            "labeling job",
            "LabelingJob",
            "labeling-job",
            "LabelingJobSummaryList",
            LabelCounters={},
            WorkteamArn=_arn("sagemaker", "workteam/private-crowd/any"),
        ),
        "list_auto_ml_jobs": _jobs(
            "AutoML job", "AutoMLJob", "automl-job", "AutoMLJobSummaries", AutoMLJobSecondaryStatus="Starting"
        ),
        "list_hyper_parameter_tuning_jobs": _jobs(
            "tuning job",
            "HyperParameterTuningJob",
            "hyper-parameter-tuning-job",
            "HyperParameterTuningJobSummaries",
            Strategy="Random",
            TrainingJobStatusCounters={},
            ObjectiveStatusCounters={},
        ),
        "list_feature_groups": {
            "FeatureGroupSummaries": [
                {key: value for key, value in item.items() if key != "LastModifiedTime"}
                for item in _summaries("feature group", "FeatureGroup", "feature-group")
            ]
        },
        "describe_feature_group": {
            "FeatureGroupArn": _arn("sagemaker", "feature-group/any"),
            "FeatureGroupName": "any",
            "RecordIdentifierFeatureName": "id",
            "EventTimeFeatureName": "time",
            "FeatureDefinitions": [{"FeatureName": "id", "FeatureType": "String"}],
            "CreationTime": NOW,
            "NextToken": "",
            "OnlineStoreConfig": {"EnableOnlineStore": True},
            "OnlineStoreTotalSizeBytes": 2 * 10**9,
        },
        "list_mlflow_tracking_servers": {
            "TrackingServerSummaries": _summaries(
                "MLflow server",
                "TrackingServer",
                "mlflow-tracking-server",
                IsActive="Active",
                TrackingServerStatus="Created",
            )
        },
        "list_clusters": {
            "ClusterSummaries": [
                {
                    "ClusterArn": _arn("sagemaker", f"cluster/{name}"),
                    "ClusterName": name,
                    "CreationTime": NOW,
                    "ClusterStatus": "InService",
                }
                for name in _both("HyperPod cluster")
            ]
        },
        "describe_cluster": {
            "ClusterArn": _arn("sagemaker", "cluster/any"),
            "ClusterStatus": "InService",
            "InstanceGroups": [{"InstanceType": "ml.p5.48xlarge", "CurrentCount": 1}],
        },
    }


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
            "Tags": pairs({"ManagedByAmazonSageMakerResource": _arn("sagemaker", f"domain/d-{whose}")}),
        }
        for whose in ("ours", "theirs")
    ]


def _pool(**request: Any) -> dict[str, Any]:
    return {"UserPool": {"UserPoolTags": OURS if request["UserPoolId"].endswith("_ours") else THEIRS}}


def _table(**request: Any) -> dict[str, Any]:
    name = request["TableName"]
    arn = _arn("dynamodb", f"table/{name}")
    return {"Table": {"TableName": name, "TableArn": arn, "TableStatus": "ACTIVE", "TableSizeBytes": 10**9}}


def any_account() -> RecordedAccount:
    """Lists as the services give them. Requests that change something are answered, and remembered."""
    alarm = [{"AlarmName": name, "AlarmArn": _arn("cloudwatch", f"alarm:{name}")} for name in _both("alarm")]
    groups = [
        {"logGroupName": name, "arn": _arn("logs", f"log-group:{name}:*"), "storedBytes": 10**9}
        for name in _both("log group")
    ]
    pools = [{"Id": f"us-east-1_{whose}", "Name": name.partition(" ")[0]}
             for whose, name in zip(("ours", "theirs"), _both("user pool"), strict=True)]  # fmt: skip
    return RecordedAccount(
        {
            "sagemaker": _sagemaker(),
            "ec2": _ec2(),
            "efs": {"describe_file_systems": {"FileSystems": _file_systems()}},
            "s3": {
                "list_buckets": {"Buckets": [{"Name": name} for name in (*_both("bucket"), "holiday-photos")]},
                "get_bucket_tagging": {"TagSet": pairs(OURS)},
            },
            "dynamodb": {
                "list_tables": {"TableNames": list(_both("table"))},
                "describe_table": _table,
                "list_tags_of_resource": lambda **request: {"Tags": pairs(_tags(request["ResourceArn"]))},
            },
            "logs": {
                "describe_log_groups": {"logGroups": groups},
                "list_tags_for_resource": {"tags": OURS},
            },
            "cloudwatch": {
                "describe_alarms": {"MetricAlarms": alarm},
                "list_tags_for_resource": lambda **request: {"Tags": pairs(_tags(request["ResourceARN"]))},
                "list_dashboards": {"DashboardEntries": [{"DashboardName": name} for name in _both("dashboard")]},
                "get_metric_statistics": {"Datapoints": [{"Timestamp": NOW, "Average": 5e9}]},
            },
            "kms": {
                "list_keys": {"Keys": [{"KeyId": name} for name in (*_both("key"), "key-of-aws")]},
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
