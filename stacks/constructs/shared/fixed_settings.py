"""Refuses a change to a setting that would replace the domain, before anything of the stage is changed."""

from __future__ import annotations

from aws_cdk import CustomResource, Duration
from constructs import Construct

from stacks.constructs.shared.provider import provider
from stacks.constructs.shared.python_function import FunctionProps, PythonFunctions
from stacks.settings import Settings


class FixedSettings(Construct):
    """Offers `resource`, on which depends what must not change before the settings are accepted."""

    def __init__(self, scope: Construct, identity: str, *, settings: Settings, functions: PythonFunctions) -> None:
        super().__init__(scope, identity)
        function = functions.add(
            FunctionProps(
                folder="fixed_settings", entry="on_event", environment={"STAGE": settings.stage}, permissions=[]
            )
        )
        self.resource = CustomResource(
            self,
            "Resource",
            resource_type="Custom::KempelenFixedSettings",
            service_token=provider(self, logs=functions.logs, on_event=function).service_token,
            properties={"Settings": fixed(settings)},
            service_timeout=Duration.minutes(5),
        )


def fixed(settings: Settings) -> dict[str, str]:
    """What a domain has for life: its `AuthMode` and `KmsKeyId` say "Update requires: Replacement".

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-sagemaker-domain.html
    """
    return {"storage.own_key": str(settings.storage.own_key).lower(), "studio.auth": settings.studio.auth}
