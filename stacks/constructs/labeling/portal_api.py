"""The portal's address: an HTTP API in front of one function, which serves pages and files alike."""

from __future__ import annotations

from aws_cdk import aws_apigatewayv2 as apigateway
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from stacks.constructs.shared.log_groups import LogGroups
from stacks.constructs.shared.public_api import PublicApi
from stacks.settings import Settings

_REQUESTS_A_SECOND = 100
"""Twenty people at work make about twenty: whoever asks for more is none of them."""
_SIGNED_IN = "The pages themselves send to Cognito whoever is not signed in."


class PortalApi(PublicApi):
    def __init__(self, scope: Construct, identity: str, *, settings: Settings, logs: LogGroups) -> None:
        super().__init__(
            scope,
            identity,
            settings=settings,
            logs=logs,
            name="portal",
            description="Kempelen's worker portal",
            requests_a_second=_REQUESTS_A_SECOND,
        )

    def answer_by(self, function: lambda_.IFunction) -> None:
        """All requests go to the function."""
        for path, name in (("/{proxy+}", "Pages"), ("/", "Start")):
            self.route(path, name, function, method=apigateway.HttpMethod.ANY, unsigned_because=_SIGNED_IN)
