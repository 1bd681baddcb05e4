"""Lambda: services take its functions' roles on, and call functions whose own policy must let them in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ministack.core import lambda_runtime
from ministack.services import lambda_svc

from localcloud.iam.gate.callers import of_role, of_service
from localcloud.iam.gate.judge import Judge
from localcloud.iam.gate.refusals import DeniedError
from localcloud.iam.gate.resources import arn
from localcloud.iam.requests import ContextValue
from localcloud.sagemaker.store import ACCOUNT, REGION

_TOOLKIT = f"arn:aws:iam::{ACCOUNT}:role/cdk-hnb659fds-cfn-exec-role-{ACCOUNT}-{REGION}"


def register(judge: Judge) -> None:
    lambda_runtime.execution_credentials = _assuming(lambda_runtime.execution_credentials, judge)
    lambda_svc._execute_function_with_config_scope = _asking(lambda_svc._execute_function_with_config_scope, judge)


def _assuming(give: Callable[[Any], dict[str, str]], judge: Judge) -> Callable[[Any], dict[str, str]]:
    """Lambda sends no source with it: https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html.

    On AWS CreateFunction refuses a role that cannot be assumed; here its functions have no credentials.
    """

    def credentials(config: Any) -> dict[str, str]:
        try:
            judge.check_action(
                of_service("lambda.amazonaws.com"), "sts:AssumeRole", config["Role"], {}, "sts:AssumeRole"
            )
        except DeniedError:
            return {}
        return give(config)

    return credentials


def _asking(execute: Callable[..., dict[str, Any]], judge: Judge) -> Callable[..., dict[str, Any]]:
    def execute_function(record: dict[str, Any], event: Any, *rest: Any, **options: Any) -> dict[str, Any]:
        caller = _caller(event)
        if caller:
            name, source = caller
            on = (record.get("config") or record)["FunctionArn"]
            who = of_role(_TOOLKIT, "AWSCloudFormation", name) if name == "cloudformation" else of_service(name)
            try:
                judge.check_action(who, "lambda:InvokeFunction", on, source, "lambda:Invoke")
            except DeniedError as refusal:
                return {"error": True, "body": {"errorType": "AccessDeniedException", "errorMessage": str(refusal)}}
        return execute(record, event, *rest, **options)

    return execute_function


def _caller(event: Any) -> tuple[str, dict[str, ContextValue]] | None:
    """Whose event it is: by the form that each service documents. None for all others, which have been asked before."""
    if not isinstance(event, dict):
        return None
    if "triggerSource" in event and "userPoolId" in event:
        pool = arn("cognito-idp", f"userpool/{event['userPoolId']}")
        return "cognito-idp.amazonaws.com", {"aws:SourceArn": pool, "aws:SourceAccount": ACCOUNT}
    if "ServiceToken" in event and "ResponseURL" in event:
        return "cloudformation", {}
    given = event.get("requestContext") if event.get("version") == "2.0" else None
    if isinstance(given, dict) and "apiId" in given:
        return "apigateway.amazonaws.com", {"aws:SourceArn": _route(event, given)}
    return None


def _route(event: dict[str, Any], given: dict[str, Any]) -> str:
    """https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html"""
    route = str(event.get("routeKey") or "$default")
    method, _, path = route.partition(" ")
    end = f"{method}{path}" if path else route
    return f"arn:aws:execute-api:{REGION}:{ACCOUNT}:{given['apiId']}/{given.get('stage', '$default')}/{end}"
