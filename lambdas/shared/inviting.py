"""Inviting those who are to label, as they stand in the settings."""

from __future__ import annotations

from adapters.workforce import SignInClient
from domain.errors import AwsError
from lambdas.shared.custom_resource import ResourceRequest
from lambdas.shared.entry import logger


def invite_new(request: ResourceRequest, sign_in: SignInClient) -> int:
    """Invites those who were not there before the change; how many. One who cannot be invited now holds up nobody:
    Cognito sends 50 messages a day by itself."""
    new = set(request.properties.get("Workers", [])) - set(request.before.get("Workers", []))
    for email in sorted(new):
        try:
            sign_in.invite(request.properties["UserPoolId"], email)
        except AwsError as error:
            logger.warning(
                "not invited; invite again by aws cognito-idp admin-create-user --message-action RESEND",
                extra={"reason": str(error)},
            )
    return len(new)
