"""A resource that CloudFormation cannot make, on request: outcome rules of the operation `CreateResource`."""

from __future__ import annotations

from typing import Any

from ministack.services.cloudformation import stacks

from localcloud.sagemaker import outcomes


def register() -> None:
    """A rule's `name` is `<stack>/<logical id>`; what its stack has made by then is rolled back, as for any failure."""
    provision = stacks._provision_resource

    def provision_or_fail(resource_type: str, logical_id: str, properties: dict[str, Any], stack_name: str) -> Any:
        reason = outcomes.PLAN.draw("CreateResource", f"{stack_name}/{logical_id}").reason
        if reason:
            # The form of a real event, for example in
            # https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/troubleshooting.html
            raise ValueError(
                f'Resource handler returned message: "{reason}" (RequestToken: planned, HandlerErrorCode: '
                f"GeneralServiceException)"
            )
        return provision(resource_type, logical_id, properties, stack_name)

    stacks._provision_resource = provision_or_fail
