"""Gives CDK's bucket-emptying function a log group of ours: the one that Lambda makes by itself outlives the stack."""

from __future__ import annotations

from typing import cast

from aws_cdk import CfnResource, RemovalPolicy, Stack
from aws_cdk import aws_logs as logs
from constructs import Construct

from stacks.constructs.shared.log_retention import retention
from stacks.settings import Settings

_PROVIDER = "Custom::S3AutoDeleteObjectsCustomResourceProvider"


def log_auto_deletion(scope: Construct, settings: Settings) -> None:
    """Once a stack, after a bucket of it asked for `auto_delete_objects`."""
    stack = Stack.of(scope)
    group = logs.LogGroup(stack, "AutoDeleteLogs", retention=retention(settings), removal_policy=RemovalPolicy.DESTROY)
    handler = cast(CfnResource, stack.node.find_child(_PROVIDER).node.find_child("Handler"))
    handler.add_property_override("LoggingConfig", {"LogGroup": group.log_group_name})
