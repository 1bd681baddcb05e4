"""The portal's address: an HTTP API in front of one function, which serves pages and files alike."""

from __future__ import annotations

import json

from aws_cdk import RemovalPolicy
from aws_cdk import aws_apigatewayv2 as apigateway
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk.aws_apigatewayv2_integrations import HttpLambdaIntegration
from constructs import Construct

from stacks.constructs.shared.log_retention import retention
from stacks.nag import acknowledge
from stacks.naming import Names
from stacks.settings import Settings

_REQUESTS_A_SECOND, _BURST = 100, 200
"""Twenty people at work make about twenty: whoever asks for more is none of them."""
# No query: the code that a sign-in comes back with stands in one.
_LOGGED = {
    "requestId": "$context.requestId",
    "time": "$context.requestTime",
    "from": "$context.identity.sourceIp",
    "method": "$context.httpMethod",
    "path": "$context.path",
    "status": "$context.status",
    "milliseconds": "$context.responseLatency",
}


class PortalApi(Construct):
    """Offers `address`, before there is a function to answer: the function is told it."""

    def __init__(self, scope: Construct, identity: str, *, settings: Settings) -> None:
        super().__init__(scope, identity)
        self._api = apigateway.HttpApi(
            self,
            "Api",
            api_name=f"{Names(settings.stage).base}-portal",
            description="Kempelen's worker portal",
            create_default_stage=False,
        )
        self._add_stage(settings)

    @property
    def address(self) -> str:
        return self._api.api_endpoint

    def answer_by(self, function: lambda_.IFunction) -> None:
        """All requests go to the function."""
        routes = self._api.add_routes(path="/{proxy+}", integration=HttpLambdaIntegration("Pages", function))
        routes += self._api.add_routes(path="/", integration=HttpLambdaIntegration("Start", function))
        for route in routes:
            acknowledge(route, "APIG4", "The pages themselves send to Cognito whoever is not signed in.")

    def _add_stage(self, settings: Settings) -> None:
        log_group = logs.LogGroup(self, "Requests", retention=retention(settings), removal_policy=RemovalPolicy.DESTROY)
        stage = apigateway.CfnStage
        stage(
            self,
            "Stage",
            api_id=self._api.api_id,
            stage_name="$default",
            auto_deploy=True,
            default_route_settings=stage.RouteSettingsProperty(
                throttling_rate_limit=_REQUESTS_A_SECOND, throttling_burst_limit=_BURST
            ),
            access_log_settings=stage.AccessLogSettingsProperty(
                destination_arn=log_group.log_group_arn, format=json.dumps(_LOGGED)
            ),
        )
