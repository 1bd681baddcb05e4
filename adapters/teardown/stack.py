"""Whether a stack is on its way out."""

from __future__ import annotations

from typing import Any

from adapters.teardown.faults import translated
from domain.errors import RequestRefused

_GOES = ("DELETE_", "ROLLBACK_")


def goes(cloudformation: Any, stack_id: str) -> bool:
    """Whether the stack is being deleted, or its creation rolled back.

    Else it lives on: an update, and the rollback of one, delete single resources of it.
    https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/view-stack-events.html has the states.

    Raises:
        AwsError: the stack could not be described. `stack_id` also finds a stack that is gone.
    """
    with translated("describe_stacks"):
        stacks = cloudformation.describe_stacks(StackName=stack_id).get("Stacks", [])
    status = stacks[0].get("StackStatus") if stacks else None
    if not status:
        raise RequestRefused(f"describe_stacks: no status of {stack_id}")
    return str(status).startswith(_GOES)
