"""SageMaker of the account that is swept, as its lists and descriptions give it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.unit.adapters.swept_names import NOW, OUR_DOMAIN, THEIR_DOMAIN, arn_of, both, pairs, tags_of


def _summaries(kind: str, word: str, resource: str, **fields: Any) -> list[dict[str, Any]]:
    return [
        {
            f"{word}Name": name,
            f"{word}Arn": arn_of("sagemaker", f"{resource}/{name}"),
            "CreationTime": NOW,
            "LastModifiedTime": NOW,
            **fields,
        }
        for name in both(kind)
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


def sagemaker_answers() -> dict[str, Any]:
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
        "list_tags": lambda **request: {"Tags": pairs(tags_of(request["ResourceArn"]))},
        "list_domains": {
            "Domains": [
                {
                    "DomainArn": arn_of("sagemaker", f"domain/{identity}"),
                    "DomainId": identity,
                    "DomainName": name.partition(" ")[0],
                    "Status": "InService",
                }
                for identity, name in zip((OUR_DOMAIN, THEIR_DOMAIN), both("domain"), strict=True)
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
                {"EndpointName": name, "EndpointArn": arn_of("sagemaker", f"endpoint/{name}"), **endpoint}
                for name in both("endpoint")
            ]
        },
        "describe_endpoint": lambda **request: {
            "EndpointName": request["EndpointName"],
            "EndpointArn": arn_of("sagemaker", f"endpoint/{request['EndpointName']}"),
            "EndpointConfigName": "config",
            "ProductionVariants": [{"VariantName": "a", "CurrentInstanceCount": 2}, {"VariantName": "b"}],
            **endpoint,
        },
        "describe_endpoint_config": {
            "EndpointConfigName": "config",
            "EndpointConfigArn": arn_of("sagemaker", "endpoint-config/config"),
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
                EndpointArn=arn_of("sagemaker", "endpoint/any"),
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
            "ProcessingJobArn": arn_of("sagemaker", f"processing-job/{request['ProcessingJobName']}"),
            "AppSpecification": {"ImageUri": "image"},
            "ProcessingResources": {"ClusterConfig": CLUSTER},
            **processing,
        },
        "list_training_jobs": _training,
        "describe_training_job": {
            "TrainingJobName": "any",
            "TrainingJobArn": arn_of("sagemaker", "training-job/any"),
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
            "TransformJobArn": arn_of("sagemaker", "transform-job/any"),
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
            WorkteamArn=arn_of("sagemaker", "workteam/private-crowd/any"),
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
            "FeatureGroupArn": arn_of("sagemaker", "feature-group/any"),
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
                    "ClusterArn": arn_of("sagemaker", f"cluster/{name}"),
                    "ClusterName": name,
                    "CreationTime": NOW,
                    "ClusterStatus": "InService",
                }
                for name in both("HyperPod cluster")
            ]
        },
        "describe_cluster": {
            "ClusterArn": arn_of("sagemaker", "cluster/any"),
            "ClusterStatus": "InService",
            "InstanceGroups": [{"InstanceType": "ml.p5.48xlarge", "CurrentCount": 1}],
        },
    }
