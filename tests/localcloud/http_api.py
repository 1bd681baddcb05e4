"""HTTP APIs before a function, for the tests: deployed as a stack or made by API calls."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import httpx

# The function does what the path says; anything else is answered with the event.
CODE = """
import base64, json, os, time

def handler(event, context):
    path = event["rawPath"]
    if path == "/slow":
        time.sleep(3)
    if path == "/fail":
        raise ValueError("a secret of the function")
    if path == "/cookies":
        return {"statusCode": 302, "headers": {"location": "/next"}, "cookies": ["a=1; Path=/", "b=2; HttpOnly"]}
    if path == "/picture":
        body = base64.b64encode(bytes(range(256))).decode()
        return {"statusCode": 200, "headers": {"content-type": "image/png"}, "body": body, "isBase64Encoded": True}
    if path == "/page":
        return {"statusCode": 200, "headers": {"content-type": "text/html; charset=utf-8"}, "body": "<p>\\u00e4</p>"}
    if path == "/nonsense":
        return {"statusCode": 200, "body": "?", "isBase64Encoded": True, "headers": 7}
    if path == "/plain":
        return {"answer": 42}
    if path == "/environment":
        return {"statusCode": 200, "body": json.dumps(dict(os.environ))}
    if path == "/interrupted":
        print("a part of a request")
    if path == "/log":
        print("first line")
        print("and no line end", end="")
    return {"statusCode": 200, "headers": {"content-type": "application/json"}, "body": json.dumps(event)}
"""


def resources(code: str = CODE, **variables: str) -> dict[str, Any]:
    """Function, API, integration, route and stage of a template, as CDK makes them."""
    invoked = {"Fn::Sub": "arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:${Function}"}
    function = {
        "Runtime": "python3.12",
        "Handler": "index.handler",
        "Role": {"Fn::GetAtt": ["Role", "Arn"]},
        "Code": {"ZipFile": code},
        "Timeout": 20,
        "Environment": {"Variables": variables},
    }
    trust = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    document = {"Version": "2012-10-17", "Statement": [trust]}
    integration = {
        "ApiId": {"Ref": "Api"},
        "IntegrationType": "AWS_PROXY",
        "IntegrationUri": invoked,
        "PayloadFormatVersion": "2.0",
    }
    target = {"Fn::Join": ["", ["integrations/", {"Ref": "Integration"}]]}
    found = {
        "Role": ("IAM::Role", {"AssumeRolePolicyDocument": document}),
        "Function": ("Lambda::Function", function),
        "Api": ("ApiGatewayV2::Api", {"Name": "api", "ProtocolType": "HTTP"}),
        "Integration": ("ApiGatewayV2::Integration", integration),
        "Route": ("ApiGatewayV2::Route", {"ApiId": {"Ref": "Api"}, "RouteKey": "$default", "Target": target}),
        "Stage": ("ApiGatewayV2::Stage", {"ApiId": {"Ref": "Api"}, "StageName": "$default", "AutoDeploy": True}),
    }
    return {name: {"Type": f"AWS::{kind}", "Properties": properties} for name, (kind, properties) in found.items()}


def deploy(client: Callable[[str], Any], name: str, made: dict[str, Any]) -> dict[str, str]:
    """The outputs of the stack: ApiId, Url (ApiEndpoint), Function."""
    outputs = {
        "ApiId": {"Value": {"Ref": "Api"}},
        "Url": {"Value": {"Fn::GetAtt": ["Api", "ApiEndpoint"]}},
        "Function": {"Value": {"Ref": "Function"}},
    }
    cloudformation = client("cloudformation")
    cloudformation.create_stack(StackName=name, TemplateBody=json.dumps({"Resources": made, "Outputs": outputs}))
    cloudformation.get_waiter("stack_create_complete").wait(StackName=name, WaiterConfig={"Delay": 1})
    stack = cloudformation.describe_stacks(StackName=name)["Stacks"][0]
    return {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}


def visitor(url: str, **headers: str) -> httpx.Client:
    return httpx.Client(base_url=url, trust_env=False, timeout=30, headers=headers)
