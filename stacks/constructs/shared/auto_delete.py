"""Gives CDK's bucket-emptying function a log group of ours: the one that Lambda makes by itself outlives the stack."""

from __future__ import annotations

from typing import cast

from aws_cdk import CfnResource, Stack
from constructs import Construct

from stacks.constructs.shared.log_groups import LogGroups
from stacks.settings import Settings

_PROVIDER = "Custom::S3AutoDeleteObjectsCustomResourceProvider"


def log_auto_deletion(scope: Construct, settings: Settings) -> None:
    """Once a stack, after a bucket of it asked for `auto_delete_objects`."""
    stack = Stack.of(scope)
    group = LogGroups(settings).make(stack, "AutoDeleteLogs")
    handler = cast(CfnResource, stack.node.find_child(_PROVIDER).node.find_child("Handler"))
    handler.add_property_override("LoggingConfig", {"LogGroup": group.log_group_name})
