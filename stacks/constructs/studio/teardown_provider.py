"""The functions that take steps of teardown when CloudFormation deletes a resource, behind CDK's framework."""

from __future__ import annotations

import json
from collections.abc import Sequence

from aws_cdk import CustomResource, Duration
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from stacks.constructs.shared.access import Permission
from stacks.constructs.shared.provider import Waiting, provider
from stacks.constructs.shared.python_function import FunctionProps, PythonFunctions
from stacks.constructs.studio.teardown_access import own_stack
from stacks.naming import STAGE_TAG, Names
from stacks.settings import Settings

_REPORT_MINUTES = 2
"""What is left is named this much before the framework would merely say "timed out"."""


class TeardownResources:
    """Makes custom resources of one scope that tear down when they are deleted. The functions stay out of the VPC.

    `name` tells the functions of two stacks apart; `machine_arns` are the machines whose executions are stopped.
    `functions` and `provider` know nothing of the domain: they can be there before it.
    """

    def __init__(
        self,
        scope: Construct,
        *,
        settings: Settings,
        functions: PythonFunctions,
        domain_id: str,
        machine_arns: Sequence[str],
        permissions: Sequence[Permission],
        name: str = "",
    ) -> None:
        self._scope = scope
        self._settings = settings
        self._functions = functions
        self._domain_id = domain_id
        self._machine_arns = machine_arns
        self._permissions = [*permissions, own_stack(scope)]
        self._name = name
        self._timeout = Duration.minutes(settings.teardown.timeout_minutes)
        self.functions = on_event, is_complete = self._function("on_event"), self._function("is_complete")
        query = Duration.seconds(settings.teardown.query_seconds)
        self.provider = provider(
            scope, logs=functions.logs, on_event=on_event, waiting=Waiting(is_complete, query, self._timeout)
        )

    def add(self, identity: str, resource_type: str, properties: dict[str, str]) -> CustomResource:
        return CustomResource(
            self._scope,
            identity,
            resource_type=resource_type,
            service_token=self.provider.service_token,
            properties={"DomainId": self._domain_id, **properties},
            service_timeout=self._timeout,
        )

    def _function(self, entry: str) -> lambda_.Function:
        names = Names(self._settings.stage)
        return self._functions.add(
            FunctionProps(
                folder="teardown_resource",
                entry=entry,
                name_suffix=f"{self._name}-{entry.replace('_', '-')}",
                environment={
                    "SCHEDULE_GROUP": names.schedule_group,
                    "STATE_MACHINE_ARNS": json.dumps(self._machine_arns),
                    "JOB_NAME_PREFIX": names.job_prefix,
                    "RETAIN": json.dumps(self._settings.storage.retain),
                    "PROJECT_TAG": STAGE_TAG,
                    "STAGE": self._settings.stage,
                    "TEARDOWN_SECONDS": str((self._settings.teardown.timeout_minutes - _REPORT_MINUTES) * 60),
                },
                permissions=self._permissions,
                timeout=Duration.minutes(5),
            )
        )
