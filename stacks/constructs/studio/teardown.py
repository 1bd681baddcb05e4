"""Empties a domain before CloudFormation deletes it: apps, spaces and files would block that."""

from __future__ import annotations

import json
from dataclasses import dataclass

from aws_cdk import CustomResource, Duration
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from stacks.constructs.shared.provider import Waiting, provider
from stacks.constructs.shared.python_function import FunctionProps, PythonFunctions
from stacks.constructs.studio.teardown_access import keeps_job_logs, machine_arns, teardown_permissions
from stacks.naming import STAGE_TAG, Names
from stacks.settings import Settings

_REPORT_MINUTES = 2
"""What is left is named this much before the framework would merely say "timed out"."""


@dataclass(frozen=True)
class DomainRef:
    """The domain that is emptied, and the VPC in which it leaves things behind."""

    domain_id: str
    vpc_id: str
    resource: Construct


class DomainTeardown(Construct):
    """On destroy `Resource` runs first, for it depends on all that it empties. Its functions stay out of the VPC.

    `Safeguard` does the same, but is there before any profile: when one cannot be made, CloudFormation takes the domain
    back by itself, and would leave the home file system behind.
    """

    def __init__(
        self, scope: Construct, identity: str, *, settings: Settings, functions: PythonFunctions, domain: DomainRef
    ) -> None:
        super().__init__(scope, identity)
        self._settings = settings
        self._domain = domain
        timeout = Duration.minutes(settings.teardown.timeout_minutes)
        interval = Duration.seconds(settings.teardown.query_seconds)
        made = provider(
            self,
            settings=settings,
            on_event=self._function(functions, "on_event"),
            waiting=Waiting(self._function(functions, "is_complete"), interval, timeout),
        )
        self._safeguard, self._resource = (
            CustomResource(
                self,
                identity,
                resource_type="Custom::KempelenDomainTeardown",
                service_token=made.service_token,
                properties={"DomainId": domain.domain_id},
                service_timeout=timeout,
            )
            for identity in ("Safeguard", "Resource")
        )
        for emptying in (self._safeguard, self._resource):
            emptying.node.add_dependency(domain.resource)

    def empties(self, part: Construct) -> None:
        """A part of the domain that CloudFormation makes: after the safeguard, and it is deleted after the emptying."""
        part.node.add_dependency(self._safeguard)
        self._resource.node.add_dependency(part)

    def _function(self, functions: PythonFunctions, entry: str) -> lambda_.Function:
        names = Names(self._settings.stage)
        return functions.add(
            FunctionProps(
                folder="teardown_resource",
                entry=entry,
                name_suffix=f"-{entry.replace('_', '-')}",
                environment={
                    "DOMAIN_ID": self._domain.domain_id,
                    "SCHEDULE_GROUP": names.schedule_group,
                    "STATE_MACHINE_ARNS": json.dumps(machine_arns(self, names)),
                    "JOB_NAME_PREFIX": names.job_prefix,
                    "KEEP_JOB_LOGS": json.dumps(keeps_job_logs(self._settings)),
                    "PROJECT_TAG": STAGE_TAG,
                    "STAGE": self._settings.stage,
                    "TEARDOWN_SECONDS": str((self._settings.teardown.timeout_minutes - _REPORT_MINUTES) * 60),
                },
                permissions=teardown_permissions(
                    self, settings=self._settings, domain_id=self._domain.domain_id, vpc_id=self._domain.vpc_id
                ),
                timeout=Duration.minutes(5),
            )
        )
