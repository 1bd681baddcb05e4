"""CloudFormation's invitations to the portal: whoever is new in the settings, once all that they need is there."""

from __future__ import annotations

from typing import Any

from adapters.clients import client
from adapters.environment import Environment
from adapters.workforce import SignInClient
from lambdas.shared.custom_resource import ResourceRequest
from lambdas.shared.entry import entry, logger
from lambdas.shared.inviting import invite_new


class Variables(Environment):
    """Nothing of its own."""


@entry(ResourceRequest, Variables)
def on_event(request: ResourceRequest, _variables: Variables) -> dict[str, Any]:
    if request.kind != "Delete":
        invited = invite_new(request, SignInClient(client("cognito-idp")))
        logger.info("invitations", extra={"invited": invited})
    return {"PhysicalResourceId": request.identity or "invitations"}
