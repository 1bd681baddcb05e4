"""What CDK's provider framework asks of the functions behind a custom resource."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import ConfigDict, Field

from domain.workflow.states import Request


class ResourceRequest(Request):
    """A CloudFormation event; `Data` is what `on_event` answered, which the framework hands on to `is_complete`.

    https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.custom_resources-readme.html#provider-framework
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    kind: Literal["Create", "Update", "Delete"] = Field(alias="RequestType")
    properties: dict[str, Any] = Field(alias="ResourceProperties")
    before: dict[str, Any] = Field(default={}, alias="OldResourceProperties")
    identity: str = Field(default="", alias="PhysicalResourceId")
    stack: str = Field(default="", alias="StackId")
    data: dict[str, Any] = Field(default={}, alias="Data")

    def about(self) -> dict[str, str]:
        return {"run_id": self.stack}
