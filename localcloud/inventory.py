"""Everything that exists in the local cloud, over all services.

Derived from the stores of every loaded module of ministack, known or not, and from SageMaker's: a kind of resource
that nobody thought of shows up, and hiding one takes a line below with its reason. What a fresh account has (its
default VPC, event bus, schedule group, …) is excluded by comparison with the inventory at start.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Any

from ministack.core.responses import AccountRegionScopedDict, AccountScopedDict

from localcloud.clients import client
from localcloud.sagemaker import store

Resource = dict[str, str]
_MODULES = "ministack.services."

# Stores (shell patterns) that hold no resource of their own: properties and contents of one, which go with it; indexes;
# counters; work in flight; and what AWS keeps as a record that costs nothing and that nobody can delete.
_NOT_RESOURCES: dict[str, tuple[str, ...]] = {
    "budgets": ("_notification_store", "_tags"),
    "cloudformation": ("_stack_events", "_exports", "_change_sets"),  # of a stack
    "cloudtrail": ("_events", "_event_selectors", "_trail_tags"),
    "cloudwatch": (
        "_metrics",
        "_alarm_history",
        "_composite_triggers",
        "_resource_tags",
    ),  # metrics expire by themselves
    "cloudwatch_logs": ("_log_group_policies", "_log_records", "_metric_filters", "_queries"),
    "cognito": ("_pool_domain_map", "_identity_tags", "_challenge_sessions"),
    "dynamodb": (
        "_tags",
        "_*_settings",
        "_kinesis_destinations",
        "_contributor_insights",
        "_resource_policies",
        "_stream_*",
        "_closed_streams",
        "_txn_idempotency",
    ),
    "ec2": ("_tags",),
    "ecr": ("_images", "_lifecycle_policies", "_repo_policies", "_layer_blobs", "_manifest_blobs", "_uploads"),
    "efs": ("_replication_configs", "_lifecycle_configs", "_backup_policies"),
    "eventbridge": ("_targets", "_events_log", "_tags", "_event_bus_policies", "_replays"),
    "iam": (
        "_*_inline_policies",
        "_aws_managed_attachment_counts",
        "_service_linked_role_deletion_tasks",
        "_sla_jobs",
        "_credential_reports",
    ),
    "kms": ("_alias_dates", "_grants"),
    "lambda_svc": ("_*_positions", "_esm_backoff_until"),
    "s3": ("_bucket_*", "_object_[!l]*", "_mrap_operations", "_completed_multipart_uploads"),
    "scheduler": ("_tags",),
    "secretsmanager": ("_resource_policies",),
    "ses": ("_sent_emails",),
    "sns": ("_sub_arn_to_topic", "_sms_messages"),
    "sqs": ("_queue_name_to_url",),
    "ssm": ("_parameter_history", "_tags", "_commands", "_service_settings"),
    # Executions end with their machine: AWS lists them no longer.
    "stepfunctions": ("_executions", "_sfn_mock_config", "_task_tokens", "_tags", "_activity_tasks", "_map_runs"),
}
# What AWS goes on showing for a while after its deletion: field and values that say so.
_GONE = {"State": ("deleted",), "StackStatus": ("DELETE_COMPLETE",), "KeyState": ("PendingDeletion",)}
_BASELINE: set[tuple[str, str, str]] = set()


def take_baseline() -> None:
    """Remember what a fresh account has. Asking for them makes ministack create the defaults that it creates lazily."""
    client("ec2").describe_vpcs()
    client("events").list_event_buses()
    client("scheduler").list_schedule_groups()
    _BASELINE.update(_identity(resource) for resource in resources())


def resources() -> list[Resource]:
    """Each resource as {"service", "type", "id"}, sorted."""
    found = [*_of_ministack(), *_of_sagemaker()]
    return sorted((item for item in found if _identity(item) not in _BASELINE), key=_identity)


def _identity(resource: Resource) -> tuple[str, str, str]:
    return resource["service"], resource["type"], resource["id"]


def _of_ministack() -> Iterator[Resource]:
    seen: set[int] = set()
    for name, module in sorted(sys.modules.items()):
        if not name.startswith(_MODULES):
            continue
        service = name.removeprefix(_MODULES)
        for attribute, value in sorted(vars(module).items()):
            if not isinstance(value, (AccountScopedDict, AccountRegionScopedDict)) or id(value) in seen:
                continue
            seen.add(id(value))
            if any(fnmatchcase(attribute, pattern) for pattern in _NOT_RESOURCES.get(service, ())):
                continue
            for key, record in list(value._data.items()):
                if not _is_gone(record):
                    yield {"service": service, "type": attribute.strip("_"), "id": _text(key[-1])}


def _is_gone(record: Any) -> bool:
    """Deleted, but still listed for some time, as on AWS."""
    if not isinstance(record, dict):
        return False
    without_versions = record.get("versions") == []  # a Lambda layer
    return without_versions or any(record.get(field) in values for field, values in _GONE.items())


def _text(key: Any) -> str:
    return "/".join(map(str, key)) if isinstance(key, tuple) else str(key)


def _of_sagemaker() -> Iterator[Resource]:
    for kind in store.kinds():
        if kind.startswith("_"):
            continue
        for key, record in list(store.table(kind).items()):
            if not _is_record(kind, record):
                yield {"service": "sagemaker", "type": kind, "id": _text(key)}


def _is_record(kind: str, record: dict[str, Any]) -> bool:
    """Ended jobs cannot be deleted, deleted and failed apps are listed for a day: they cost nothing."""
    if kind.endswith("-job"):
        return any(record.get(f) in ("Completed", "Failed", "Stopped") for f in record if f.endswith("JobStatus"))
    return kind == "app" and record.get("Status") in ("Deleted", "Failed")
