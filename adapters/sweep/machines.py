"""What SageMaker runs by the hour: endpoints, notebook instances, servers, clusters, jobs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from adapters.aws_errors import says_closed
from adapters.sweep.asking import Place, tags_of
from domain.errors import AccessDenied, NotFound, RequestRefused
from domain.sweep.model import Thing, Use

Described = Mapping[str, Any]


def machines(instance_type: str | None, count: int) -> tuple[Use, ...]:
    """So many machines of a type; none where the type is not told."""
    return (Use(f"instance/{instance_type}", count),) if instance_type and count else ()


def tags_in_sagemaker(place: Place, arn: str) -> dict[str, str]:
    """Of a thing that may be gone meanwhile. Raises AwsError."""
    try:
        return tags_of(place.pages("sagemaker", "list_tags", "Tags", ResourceArn=arn))
    except NotFound:
        return {}


def endpoints(place: Place) -> Iterator[Thing]:
    """By the machines of their variants; a serverless one is billed by use."""
    for item in place.pages("sagemaker", "list_endpoints", "Endpoints"):
        name = item["EndpointName"]
        described = place.find("sagemaker", "describe_endpoint", EndpointName=name)
        types = _types_of_variants(place, described.get("EndpointConfigName"))
        uses: list[Use] = []
        for variant in described.get("ProductionVariants", []):
            uses += machines(types.get(variant["VariantName"]), variant.get("CurrentInstanceCount", 0))
        yield Thing(
            "endpoint",
            name,
            tags_in_sagemaker(place, item["EndpointArn"]),
            item["EndpointStatus"],
            tuple(uses),
            address={"EndpointName": name},
        )


def _types_of_variants(place: Place, config: str | None) -> dict[str, str]:
    described = place.find("sagemaker", "describe_endpoint_config", EndpointConfigName=config) if config else {}
    variants = described.get("ProductionVariants", [])
    return {variant["VariantName"]: variant["InstanceType"] for variant in variants if variant.get("InstanceType")}


def inference_components(place: Place) -> Iterator[Thing]:
    """They are billed with their endpoint's machines, and keep these from going."""
    for item in place.pages("sagemaker", "list_inference_components", "InferenceComponents"):
        name = item["InferenceComponentName"]
        tags = tags_in_sagemaker(place, item["InferenceComponentArn"])
        status = item.get("InferenceComponentStatus", "")
        yield Thing("inference component", name, tags, status, address={"InferenceComponentName": name})


def notebook_instances(place: Place) -> Iterator[Thing]:
    """The machine while it runs; the volume as long as it exists."""
    for item in place.pages("sagemaker", "list_notebook_instances", "NotebookInstances"):
        name, status = item["NotebookInstanceName"], item["NotebookInstanceStatus"]
        described = place.find("sagemaker", "describe_notebook_instance", NotebookInstanceName=name)
        runs = status not in ("Stopped", "Failed")
        volume = (Use("instance-volume", described["VolumeSizeInGB"]),) if described.get("VolumeSizeInGB") else ()
        yield Thing(
            "notebook instance",
            name,
            tags_in_sagemaker(place, item["NotebookInstanceArn"]),
            status,
            (*(machines(item.get("InstanceType"), 1) if runs else ()), *volume),
            address={"NotebookInstanceName": name},
        )


def mlflow_servers(place: Place) -> Iterator[Thing]:
    """Billed by their size while they run."""
    for item in place.pages("sagemaker", "list_mlflow_tracking_servers", "TrackingServerSummaries"):
        name, runs = item["TrackingServerName"], item.get("IsActive") == "Active"
        yield Thing(
            "MLflow server",
            name,
            tags_in_sagemaker(place, item["TrackingServerArn"]),
            item.get("TrackingServerStatus", ""),
            unpriced="MLflow servers" if runs else "",
            address={"TrackingServerName": name},
        )


def clusters(place: Place) -> Iterator[Thing]:
    """HyperPod, by the machines of its groups."""
    for item in place.pages("sagemaker", "list_clusters", "ClusterSummaries"):
        described = place.find("sagemaker", "describe_cluster", ClusterName=item["ClusterArn"])
        uses: list[Use] = []
        for group in described.get("InstanceGroups", []):
            uses += machines(group.get("InstanceType"), group.get("CurrentCount", 0))
        tags = tags_in_sagemaker(place, item["ClusterArn"])
        yield Thing("HyperPod cluster", item["ClusterName"], tags, item["ClusterStatus"], tuple(uses))


def feature_groups(place: Place) -> Iterator[Thing]:
    """An online store is billed by what it holds and by use; an offline one lies in a bucket."""
    for item in place.pages("sagemaker", "list_feature_groups", "FeatureGroupSummaries"):
        described = place.find("sagemaker", "describe_feature_group", FeatureGroupName=item["FeatureGroupName"])
        held = described.get("OnlineStoreTotalSizeBytes")
        online = described.get("OnlineStoreConfig", {}).get("EnableOnlineStore", False)
        yield Thing(
            "feature group",
            item["FeatureGroupName"],
            tags_in_sagemaker(place, item["FeatureGroupArn"]),
            item.get("FeatureGroupStatus", ""),
            (Use("feature-store/online", held / 1e9),) if online and held else (),
            unpriced="an online store whose size is not told" if online and held is None else "",
        )


@dataclass(frozen=True)
class JobKind:
    """How one kind of job is listed, and what it runs on. `word` is the API's own for it."""

    kind: str
    word: str
    listed: str
    member: str
    running: tuple[str, ...]
    describe: str = ""
    machines: Callable[[Described], Iterable[Use]] | None = None
    filters: tuple[tuple[str, str], ...] = ()

    def things(self, place: Place) -> Iterator[Thing]:
        """Those that run. Raises AwsError."""
        for status in self.running:
            given = dict(self.filters) or {"StatusEquals": status}
            for item in place.pages("sagemaker", self.listed, self.member, **given):
                yield self._thing(place, item)

    def _thing(self, place: Place, item: Described) -> Thing:
        name = item[f"{self.word}Name"]
        uses: tuple[Use, ...] = ()
        if self.machines:
            uses = tuple(self.machines(place.find("sagemaker", self.describe, **{f"{self.word}Name": name})))
        tags = tags_in_sagemaker(place, item[f"{self.word}Arn"])
        address = {f"{self.word}Name": name}
        return Thing(self.kind, name, tags, item[f"{self.word}Status"], uses, address=address)


def _of_processing(job: Described) -> Iterator[Use]:
    cluster = job.get("ProcessingResources", {}).get("ClusterConfig", {})
    yield from machines(cluster.get("InstanceType"), cluster.get("InstanceCount", 0))


def _of_training(job: Described) -> Iterator[Use]:
    resources = job.get("ResourceConfig", {})
    yield from machines(resources.get("InstanceType"), resources.get("InstanceCount", 0))
    for group in resources.get("InstanceGroups", []):
        yield from machines(group["InstanceType"], group["InstanceCount"])


def _of_transform(job: Described) -> Iterator[Use]:
    resources = job.get("TransformResources", {})
    yield from machines(resources.get("InstanceType"), resources.get("InstanceCount", 0))


_RUNNING = ("InProgress", "Stopping")
JOBS = (
    JobKind(
        "processing job",
        "ProcessingJob",
        "list_processing_jobs",
        "ProcessingJobSummaries",
        _RUNNING,
        "describe_processing_job",
        _of_processing,
    ),
    JobKind(
        "training job",
        "TrainingJob",
        "list_training_jobs",
        "TrainingJobSummaries",
        _RUNNING,
        "describe_training_job",
        _of_training,
    ),
    # Machines that are kept warm after a job has ended.
    JobKind(
        "warm pool",
        "TrainingJob",
        "list_training_jobs",
        "TrainingJobSummaries",
        ("Completed",),
        "describe_training_job",
        _of_training,
        (("WarmPoolStatusEquals", "Available"),),
    ),
    JobKind(
        "transform job",
        "TransformJob",
        "list_transform_jobs",
        "TransformJobSummaries",
        _RUNNING,
        "describe_transform_job",
        _of_transform,
    ),
    # The training jobs of these are billed, and listed among them.
    JobKind("AutoML job", "AutoMLJob", "list_auto_ml_jobs", "AutoMLJobSummaries", _RUNNING),
    JobKind(
        "tuning job",
        "HyperParameterTuningJob",
        "list_hyper_parameter_tuning_jobs",
        "HyperParameterTuningJobSummaries",
        _RUNNING,
    ),
)
_LABELING = JobKind(
    "labeling job", "LabelingJob", "list_labeling_jobs", "LabelingJobSummaryList", ("Initializing", *_RUNNING)
)


def labeling_jobs(place: Place) -> Iterator[Thing]:
    """Billed by the labeled object. There are none in an account to which Ground Truth is closed."""
    try:
        yield from _LABELING.things(place)
    except (AccessDenied, RequestRefused) as error:
        if not says_closed(error):
            raise
