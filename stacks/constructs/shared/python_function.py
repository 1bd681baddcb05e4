"""A Lambda function with the house's defaults: own role and log group, Powertools, tracing, outside any VPC."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from aws_cdk import Duration, RemovalPolicy, Size
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct

from stacks.assets import Assets
from stacks.constructs.shared.access import Permission, permit
from stacks.constructs.shared.log_groups import LogGroups
from stacks.nag import acknowledge
from stacks.naming import METRICS_NAMESPACE, Names
from stacks.settings import Settings

RUNTIME = lambda_.Runtime.PYTHON_3_14
ARCHITECTURE = lambda_.Architecture.ARM_64


@dataclass(frozen=True)
class FunctionProps:
    """`folder` is under lambdas/, `entry` in its handler.py; `permissions` are all that it may do besides logging."""

    folder: str
    environment: Mapping[str, str]
    permissions: Sequence[Permission]
    entry: str = "handler"
    name_suffix: str = ""
    timeout: Duration = field(default_factory=lambda: Duration.minutes(1))
    memory_mb: int = 512
    storage_mb: int = 512


class PythonFunctions(Construct):
    """Makes the Lambda functions of one stack, which share one code asset and one layer. Offers `logs`.

    `key` encrypts their environment, by a grant that Lambda makes to the function's role, and what they log."""

    def __init__(
        self, scope: Construct, identity: str, *, settings: Settings, assets: Assets, key: kms.IKey | None
    ) -> None:
        super().__init__(scope, identity)
        self.logs = LogGroups(settings, key)
        self._names = Names(settings.stage)
        self._code = assets.lambda_code()
        self._layer = lambda_.LayerVersion(
            self,
            "Layer",
            code=assets.layer_code(),
            compatible_runtimes=[RUNTIME],
            compatible_architectures=[ARCHITECTURE],
            description="Powertools, pydantic and PyYAML",
            removal_policy=RemovalPolicy.DESTROY,
        )

    def add(self, props: FunctionProps) -> lambda_.Function:
        name = self._names.function(props.folder) + props.name_suffix
        scope = Construct(self, name.removeprefix(self._names.job_prefix))
        log_group = self.logs.make(scope, "Logs", name=f"/aws/lambda/{name}")
        return lambda_.Function(
            scope,
            "Function",
            function_name=name,
            runtime=RUNTIME,
            architecture=ARCHITECTURE,
            code=self._code,
            layers=[self._layer],
            handler=f"lambdas.{props.folder}.handler.{props.entry}",
            role=self._role(scope, log_group, props.permissions),
            environment={**self._powertools(props.folder), **props.environment},
            environment_encryption=self.logs.key,
            timeout=props.timeout,
            memory_size=props.memory_mb,
            ephemeral_storage_size=Size.mebibytes(props.storage_mb),
            tracing=lambda_.Tracing.ACTIVE,
            log_group=log_group,
            logging_format=lambda_.LoggingFormat.JSON,
        )

    def _role(self, scope: Construct, log_group: logs.LogGroup, permissions: Sequence[Permission]) -> iam.Role:
        """May write to its own log group but not create it: a late log line must not bring back a deleted group."""
        role = iam.Role(scope, "Role", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
        log_group.grant_write(role)
        permit(role, permissions)
        acknowledge(
            role,
            "IAM5",
            "X-Ray's PutTraceSegments and PutTelemetryRecords know no resources.",
            findings=["Resource::*"],
        )
        return role

    def _powertools(self, folder: str) -> dict[str, str]:
        return {
            "POWERTOOLS_SERVICE_NAME": folder.replace("_", "-"),
            "POWERTOOLS_METRICS_NAMESPACE": METRICS_NAMESPACE,
            "POWERTOOLS_LOG_LEVEL": "INFO",
        }
