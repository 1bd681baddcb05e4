"""What each workflow function may do, by its folder: only what its handler calls."""

from __future__ import annotations

from dataclasses import dataclass

from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_kms as kms
from constructs import Construct

from stacks.constructs.shared.access import ANY, BucketAccess, Permission, arn, use_key
from stacks.constructs.workflow.labeling_access import LabelingAccess
from stacks.naming import Names

_BY_RUN = "Keys hold the names of data set and run, which exist only at run time."
_BY_INPUT = "The execution's input names the key."
_MANIFESTS = [f"{room}/*.{end}" for room in ("datasets", "manifests", "raw") for end in ("csv", "jsonl", "manifest")]
_CONTENTS = ("raw/*.json", "raw/*.txt")
_BY_START = "An execution's name is given when it starts; the machine is exact."


@dataclass(frozen=True)
class Resources:
    """What the workflow functions work on; `key` encrypts the ledger; `labeling` is what each may do at the labeling
    back end besides.

    `custom_code`: whether runs may bring code of their own.
    """

    data: BucketAccess
    ledger: dynamodb.ITable
    key: kms.IKey | None
    labeling: LabelingAccess
    custom_code: bool


def function_permissions(scope: Construct, names: Names, resources: Resources) -> dict[str, list[Permission]]:
    """By folder of the function."""
    augmentations = arn(scope, "states", f"execution:{names.machine('augment')}:*")
    own: dict[str, list[Permission]] = {
        **_labeling(resources),
        **_rounds(resources),
        **_waiting(scope, names, resources),
        **_augmentation(resources, augmentations),
    }
    return {folder: [*resources.labeling.get(folder, ()), *permissions] for folder, permissions in own.items()}


def _labeling(resources: Resources) -> dict[str, list[Permission]]:
    data = resources.data
    return {
        "validate_input": [
            *data.find(),
            *data.read("*", why=_BY_INPUT),
            *data.write("instructions/frozen/*", "recipes/frozen/*", why="Its content names the key."),
            *(data.write("code/frozen/*", why="Its content names the key.") if resources.custom_code else ()),
        ],
        "preflight": _preflight(resources),
        "build_manifest": [
            *data.find(),
            *data.read("labeling/*", "labels/*", "assist/*/ask.jsonl", why=_BY_RUN),
            *data.read(*_MANIFESTS, *_CONTENTS, why=_BY_INPUT),
            *data.write("labeling/*", why=_BY_RUN),
            *data.write(*_CONTENTS, why="The rows of a CSV file become objects below the run's source prefix."),
        ],
        "start_labeling": [],
        "poll_labeling": [],
        "stop_labeling": [],
        "collect_labels": [
            *data.find(),
            *data.read("labeling/*", why=_BY_RUN),
            *data.write("labels/*", why=_BY_RUN),
            *_ledger(resources, "PutItem"),
        ],
    }


def _rounds(resources: Resources) -> dict[str, list[Permission]]:
    data = resources.data
    return {
        "next_round": [
            *data.find(),
            *data.read("assist/*", "labeling/*", "labels/*", why=_BY_RUN),
            *data.read("models/*", why="The stage's settings name the model; its card lies beside it."),
            *data.write("assist/*", why=_BY_RUN),
        ],
        "collect_rounds": [
            *data.find(),
            *data.read("assist/*", "labeling/*", "labels/*", why=_BY_RUN),
            *data.write("assist/*/embeddings.npz", "labels/*", why=_BY_RUN),
            *_ledger(resources, "PutItem"),
        ],
    }


def _waiting(scope: Construct, names: Names, resources: Resources) -> dict[str, list[Permission]]:
    """Between the end of a labeling job and the execution that waits for it."""
    data, machine = resources.data, names.machine("label")
    wake = Permission("states", ["SendTaskSuccess"], [arn(scope, "states", f"stateMachine:{machine}")])
    executions = Permission(
        "states", ["DescribeExecution"], [arn(scope, "states", f"execution:{machine}:*")], _BY_START
    )
    keep = [
        *data.find(),
        *data.read("labeling/*", why=_BY_RUN),
        *data.write("labels/*", why=_BY_RUN),
        *_ledger(resources, "GetItem", "PutItem"),
    ]
    return {
        "await_labeling": [wake, *_ledger(resources, "PutItem")],
        "labeling_ended": [wake, executions, *keep],
        "execution_ended": [wake, executions, *keep],
    }


def _preflight(resources: Resources) -> list[Permission]:
    return [
        Permission("servicequotas", ["ListServiceQuotas"], ANY, "Lists know no resources."),
        Permission("s3", ["GetBucketCORS"], [resources.data.bucket.bucket_arn]),
        *resources.data.find(),
        *resources.data.locate(),
        *resources.data.read("labeling/*/run.json", why=_BY_RUN),
        *_ledger(resources, "GetItem", "PutItem"),
    ]


def _augmentation(resources: Resources, executions: str) -> dict[str, list[Permission]]:
    data = resources.data
    return {
        "begin_augmentation": [
            *data.find(),
            *data.read("*", why=_BY_INPUT),
            *data.write("augmenting/*", "datasets/*/_SUCCESS", why=_BY_RUN),
            *_ledger(resources, "GetItem", "PutItem", "UpdateItem"),
            Permission("states", ["DescribeExecution"], [executions], _BY_START),
        ],
        "publish_version": [
            *data.find(),
            *data.read("augmenting/*", "datasets/*", why=_BY_RUN),
            *data.write("datasets/*", why=_BY_RUN),
            *data.delete("datasets/*/parts/*", why=_BY_RUN),
            *_ledger(resources, "ConditionCheckItem", "GetItem", "PutItem"),
        ],
        "end_augmentation": _ledger(resources, "GetItem", "PutItem", "UpdateItem"),
    }


def _ledger(resources: Resources, *actions: str) -> list[Permission]:
    return [Permission("dynamodb", actions, [resources.ledger.table_arn]), *use_key(resources.key)]
