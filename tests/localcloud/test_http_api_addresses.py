"""The address of an HTTP API is there as long as the API is, and no longer."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import boto3
import pytest

from localcloud.client.process import LocalCloud
from tests.localcloud import http_api

Client = Callable[[str], Any]


def is_open(url: str) -> bool:
    with socket.socket() as tried:
        return tried.connect_ex(("127.0.0.1", urlsplit(url).port or 0)) == 0


def test_a_change_keeps_the_address_and_the_end_closes_it(
    client: Client, cloud: LocalCloud, unique: Any, until: Any
) -> None:
    cloudformation, name, made = client("cloudformation"), unique("http-api"), http_api.resources()
    first = http_api.deploy(client, name, made)
    made["Api"]["Properties"]["Name"] = "renamed"
    outputs = {"Url": {"Value": {"Fn::GetAtt": ["Api", "ApiEndpoint"]}}}
    cloudformation.update_stack(StackName=name, TemplateBody=json.dumps({"Resources": made, "Outputs": outputs}))
    cloudformation.get_waiter("stack_update_complete").wait(StackName=name, WaiterConfig={"Delay": 1})
    stack = cloudformation.describe_stacks(StackName=name)["Stacks"][0]
    assert stack["Outputs"][0]["OutputValue"] == first["Url"]
    with http_api.visitor(first["Url"]) as web:
        assert web.get("/page").text == "<p>ä</p>"
    cloudformation.delete_stack(StackName=name)
    cloudformation.get_waiter("stack_delete_complete").wait(StackName=name, WaiterConfig={"Delay": 1})
    assert [resource for resource in cloud.inventory() if first["ApiId"] in resource["id"]] == []
    until(lambda: is_open(first["Url"]), lambda open_: not open_)


def test_an_api_made_by_calls(client: Client, unique: Any, until: Any) -> None:
    """Its address answers at once: without a stage or a route as AWS does, and with them from the function."""
    gateway, name = client("apigatewayv2"), unique("function")
    function = http_api.deploy(client, name, http_api.resources())["Function"]
    made = gateway.create_api(Name="by-calls", ProtocolType="HTTP")
    api, url = made["ApiId"], made["ApiEndpoint"]
    assert gateway.get_api(ApiId=api)["ApiEndpoint"] == url
    with http_api.visitor(url) as web:
        arn = client("lambda").get_function(FunctionName=function)["Configuration"]["FunctionArn"]
        integration = gateway.create_integration(
            ApiId=api, IntegrationType="AWS_PROXY", IntegrationUri=arn, PayloadFormatVersion="2.0"
        )["IntegrationId"]
        gateway.create_route(ApiId=api, RouteKey="GET /page", Target=f"integrations/{integration}")
        assert (web.get("/page").status_code, web.get("/page").json()) == (404, {"message": "Not Found"})
        gateway.create_stage(ApiId=api, StageName="$default", AutoDeploy=True)
        assert web.get("/page").text == "<p>ä</p>"
        assert web.post("/page").status_code == 404
        assert web.get("/other").status_code == 404
    gateway.delete_api(ApiId=api)
    client("cloudformation").delete_stack(StackName=name)
    until(lambda: is_open(url), lambda open_: not open_)


def test_a_websocket_api_keeps_its_address(client: Client) -> None:
    gateway = client("apigatewayv2")
    made = gateway.create_api(Name="sockets", ProtocolType="WEBSOCKET", RouteSelectionExpression="$request.body.action")
    assert made["ApiId"] in made["ApiEndpoint"]
    gateway.delete_api(ApiId=made["ApiId"])


@pytest.mark.parametrize("keep", [True, False])
def test_the_end_of_the_server_closes_all_and_a_kept_api_is_back_at_its_address(tmp_path: Path, keep: bool) -> None:
    def client(service: str) -> Any:
        keys = {"aws_access_key_id": "local", "aws_secret_access_key": "local"}
        return boto3.client(service, endpoint_url=cloud.endpoint, region_name="us-east-1", **keys)

    with LocalCloud(tmp_path, time_scale=0.2, keep=keep) as cloud:
        url = http_api.deploy(client, "kept", http_api.resources())["Url"]
        assert is_open(url)
    assert not is_open(url)
    with LocalCloud(tmp_path, time_scale=0.2, keep=keep) as cloud:
        found = [api["ApiEndpoint"] for api in client("apigatewayv2").get_apis()["Items"]]
        assert found == ([url] if keep else [])
        if keep:
            with http_api.visitor(url) as web:
                assert web.get("/page").text == "<p>ä</p>"
