"""Looks every quarter of an hour for Canvas apps that nobody uses: SageMaker has no idle settings for Canvas."""

from __future__ import annotations

from aws_cdk import Duration
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from constructs import Construct

from stacks.constructs.shared.access import ANY, Permission, arn
from stacks.constructs.shared.python_function import FunctionProps, PythonFunctions
from stacks.settings import Settings

_INTERVAL = Duration.minutes(15)
_WITHOUT_IDLE_SETTINGS = tuple(
    spelled
    for kind in ("DetailedProfiler", "KernelGateway", "RSessionGateway", "TensorBoard")
    for spelled in (kind, kind.lower())
)
"""Those of adapters/old_apps.py; how an app's ARN spells its type is not documented."""


class IdleCanvas(Construct):
    """An app is closed `studio.idle_minutes` after the last activity in it, and at most a quarter of an hour later;
    other kinds of apps, which no idle setting reaches, `studio.longest_app_hours` after they were opened.

    Offers `function`.
    """

    def __init__(
        self, scope: Construct, identity: str, *, settings: Settings, functions: PythonFunctions, domain_id: str
    ) -> None:
        super().__init__(scope, identity)
        apps = [arn(self, "sagemaker", f"app/{domain_id}/*/{kind}/default") for kind in ("Canvas", "canvas")]
        old = [arn(self, "sagemaker", f"app/{domain_id}/*/{kind}/*") for kind in _WITHOUT_IDLE_SETTINGS]
        by_age = [Permission("sagemaker", ["DeleteApp"], old, "Of whichever person of this one domain.")]
        hours = settings.studio.longest_app_hours
        self.function = functions.add(
            FunctionProps(
                folder="stop_idle_canvas",
                environment={
                    "DOMAIN_ID": domain_id,
                    "IDLE_MINUTES": str(settings.studio.idle_minutes),
                    "LONGEST_APP_HOURS": str(hours),
                },
                permissions=[
                    Permission("sagemaker", ["ListApps"], ANY, "Lists know no resources."),
                    Permission("sagemaker", ["DeleteApp"], apps, "Canvas of whichever person of this one domain."),
                    *(by_age if hours else []),
                    Permission("cloudwatch", ["GetMetricStatistics"], ANY, "Metrics know no resources."),
                ],
                timeout=Duration.minutes(5),
            )
        )
        events.Rule(
            self,
            "Rule",
            description="Closes Canvas apps that nobody uses",
            schedule=events.Schedule.rate(_INTERVAL),
            targets=[targets.LambdaFunction(self.function, retry_attempts=2, max_event_age=_INTERVAL)],
        )
