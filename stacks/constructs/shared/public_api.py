"""An HTTP API that the internet can reach: at most so many requests a second, and a line in a log for each."""

from __future__ import annotations

import json

from aws_cdk import aws_apigatewayv2 as apigateway
from aws_cdk import aws_lambda as lambda_
from aws_cdk.aws_apigatewayv2_integrations import HttpLambdaIntegration
from constructs import Construct

from stacks.constructs.shared.log_groups import LogGroups
from stacks.nag import acknowledge
from stacks.naming import Names
from stacks.settings import Settings

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


class PublicApi(Construct):
    """Offers `address`, before there is a function to answer: the function is told it."""

    def __init__(
        self,
        scope: Construct,
        identity: str,
        *,
        settings: Settings,
        logs: LogGroups,
        name: str,
        description: str,
        requests_a_second: int,
    ) -> None:
        super().__init__(scope, identity)
        self._api = apigateway.HttpApi(
            self,
            "Api",
            api_name=f"{Names(settings.stage).base}-{name}",
            description=description,
            create_default_stage=False,
        )
        self._add_stage(logs, requests_a_second)

    @property
    def address(self) -> str:
        return self._api.api_endpoint

    def route(
        self, path: str, name: str, function: lambda_.IFunction, *, method: apigateway.HttpMethod, unsigned_because: str
    ) -> None:
        """Requests to the path go to the function."""
        integration = HttpLambdaIntegration(name, function)
        for route in self._api.add_routes(path=path, methods=[method], integration=integration):
            acknowledge(route, "APIG4", unsigned_because)

    def _add_stage(self, logs: LogGroups, requests_a_second: int) -> None:
        log_group = logs.make(self, "Requests")
        stage = apigateway.CfnStage
        stage(
            self,
            "Stage",
            api_id=self._api.api_id,
            stage_name="$default",
            auto_deploy=True,
            default_route_settings=stage.RouteSettingsProperty(
                throttling_rate_limit=requests_a_second, throttling_burst_limit=2 * requests_a_second
            ),
            access_log_settings=stage.AccessLogSettingsProperty(
                destination_arn=log_group.log_group_arn, format=json.dumps(_LOGGED)
            ),
        )
