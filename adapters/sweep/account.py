"""The whole look, kind by kind, and the removal of what is ours."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from adapters.sweep import machines, network, stores, studio
from adapters.sweep.asking import Lister, Place, says
from adapters.teardown.faults import translated
from domain.errors import AwsError, NotFound
from domain.sweep.model import Gap, Thing

LISTERS: Mapping[str, Lister] = {
    "domain": studio.domains,
    "app": studio.apps,
    "space": studio.spaces,
    "file system": studio.file_systems,
    "endpoint": machines.endpoints,
    "inference component": machines.inference_components,
    "notebook instance": machines.notebook_instances,
    **{kind.kind: kind.things for kind in machines.JOBS},
    "labeling job": machines.labeling_jobs,
    "feature group": machines.feature_groups,
    "MLflow server": machines.mlflow_servers,
    "HyperPod cluster": machines.clusters,
    "NAT gateway": network.nat_gateways,
    "public address": network.addresses,
    "interface endpoint": network.interface_endpoints,
    "volume": network.volumes,
    "snapshot": network.snapshots,
    "bucket": stores.buckets,
    "table": stores.tables,
    "log group": stores.log_groups,
    "alarm": stores.alarms,
    "dashboard": stores.dashboards,
    "key": stores.keys,
    "user pool": stores.user_pools,
}
"""How each kind of thing is listed."""

_STACK_TAG = "aws:cloudformation:stack-name"

# The service, and the operation that takes a thing's address as it is.
_REMOVALS: Mapping[str, tuple[str, str]] = {
    "endpoint": ("sagemaker", "delete_endpoint"),
    "inference component": ("sagemaker", "delete_inference_component"),
    "notebook instance": ("sagemaker", "stop_notebook_instance"),
    "app": ("sagemaker", "delete_app"),
    "space": ("sagemaker", "delete_space"),
    "processing job": ("sagemaker", "stop_processing_job"),
    "training job": ("sagemaker", "stop_training_job"),
    "transform job": ("sagemaker", "stop_transform_job"),
    "labeling job": ("sagemaker", "stop_labeling_job"),
    "AutoML job": ("sagemaker", "stop_auto_ml_job"),
    "tuning job": ("sagemaker", "stop_hyper_parameter_tuning_job"),
    "MLflow server": ("sagemaker", "stop_mlflow_tracking_server"),
    "NAT gateway": ("ec2", "delete_nat_gateway"),
    "public address": ("ec2", "release_address"),
    "volume": ("ec2", "delete_volume"),
    "snapshot": ("ec2", "delete_snapshot"),
    "log group": ("logs", "delete_log_group"),
}


@dataclass(frozen=True)
class Found:
    """What there is, and what could not be looked at."""

    things: tuple[Thing, ...]
    gaps: tuple[Gap, ...]


def look(place: Place, tell: Callable[[str], None] = lambda _kind: None) -> Found:
    """Everything of every kind; `tell` is called with each kind before it is listed. Nothing is changed."""
    things: list[Thing] = []
    gaps: list[Gap] = []
    for kind, lister in LISTERS.items():
        tell(kind)
        try:
            things.extend(lister(place))
        except AwsError as error:
            gaps.append(Gap(kind, says(error)))
    stacks, gap = _stacks(place)
    return Found(tuple(_with_stack(thing, stacks) for thing in things), (*gaps, *gap))


def _stacks(place: Place) -> tuple[set[str] | None, tuple[Gap, ...]]:
    """The names of the stacks that stand; None where they may not be listed."""
    try:
        return {stack["StackName"] for stack in place.pages("cloudformation", "describe_stacks", "Stacks")}, ()
    except AwsError as error:
        return None, (Gap("stack", says(error)),)


def _with_stack(thing: Thing, standing: set[str] | None) -> Thing:
    """A stack that nobody may list is taken to stand: what it has is not for a sweep."""
    stack = (thing.tags or {}).get(_STACK_TAG, "")
    return replace(thing, stack=stack) if stack and (standing is None or stack in standing) else thing


def remove(place: Place, thing: Thing) -> None:
    """Ask for the thing's end, without waiting; one that is gone is removed.

    Raises:
        AwsError: it was refused.
    """
    try:
        _remove(place, thing)
    except NotFound:
        return


def _remove(place: Place, thing: Thing) -> None:
    address: dict[str, Any] = dict(thing.address)
    match thing.kind:
        case "interface endpoint":
            with translated("ec2:delete_vpc_endpoints"):
                answer = place.client("ec2").delete_vpc_endpoints(VpcEndpointIds=[address["VpcEndpointId"]])
            for item in answer.get("Unsuccessful", []):
                raise AwsError(f"ec2:delete_vpc_endpoints: {item['Error']['Code']}: {item['Error']['Message']}")
        case "alarm":
            place.ask("cloudwatch", "delete_alarms", AlarmNames=[address["AlarmName"]])
        case "dashboard":
            place.ask("cloudwatch", "delete_dashboards", DashboardNames=[address["DashboardName"]])
        case "file system":
            for target in place.pages("efs", "describe_mount_targets", "MountTargets", **address):
                place.ask("efs", "delete_mount_target", MountTargetId=target["MountTargetId"])
            place.ask("efs", "delete_file_system", **address)
        case kind:
            service, operation = _REMOVALS[kind]
            place.ask(service, operation, **address)
