"""The functions as Lambda runs them: environment variables, a context, AWS answered by moto and a fake SageMaker."""

from __future__ import annotations

import importlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import aws_xray_sdk.core  # noqa: F401 - opens a socket when imported, which tests may not
import boto3
import pytest
import urllib3
from moto import mock_aws

from adapters import clients
from lambdas.portal import handler as portal_handler
from lambdas.shared import entry
from tests.support.builders.tables import make_ledger, make_tasks
from tests.support.fakes.ground_truth import FakeGroundTruth
from tests.support.portal_world import ADDRESS, CLIENT, SIGN_IN, Browser, World

VARIABLES = {
    "DATA_BUCKET": "data-bucket",
    "CUSTOM_CODE": "false",
    "LEARNING": "true",
    "LABELERS": "ground_truth",
    "LEDGER_TABLE": "ledger",
    "WORKTEAM_ARN": "arn:aws:sagemaker:us-east-1:123456789012:workteam/private-crowd/team",
    "LABELING_ROLE_ARN": "arn:aws:iam::123456789012:role/labeling",
    "AUGMENT_STATE_MACHINE_ARN": "arn:aws:states:us-east-1:123456789012:stateMachine:kempelen-dev-augment",
    "LABEL_STATE_MACHINE_ARN": "arn:aws:states:us-east-1:123456789012:stateMachine:kempelen-dev-label",
    "JOB_NAME_PREFIX": "kempelen-dev-",
    "EMBEDDING_MODEL": "",
    "PROCESSING_INSTANCE_TYPE": "ml.m5.xlarge",
    "STAGE": "dev",
    "AUTOMATED_LABELING": "false",
    "VOLUME_KEY_ARN": "",
    "AWS_REGION": "us-east-1",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "POWERTOOLS_SERVICE_NAME": "tests",
    "POWERTOOLS_METRICS_NAMESPACE": "Kempelen",
}
RECIPE = "name: faces\nsteps:\n  - export: plain\n"


@dataclass
class Context:
    function_name: str = "kempelen-dev-function"
    memory_limit_in_mb: int = 512
    invoked_function_arn: str = "arn:aws:lambda:us-east-1:123456789012:function:kempelen-dev-function"
    aws_request_id: str = "request-1"

    def get_remaining_time_in_millis(self) -> int:
        return 300_000


class FakeQuotas:
    """Service Quotas with one that suffices; moto has none of SageMaker's."""

    def get_paginator(self, operation: str) -> FakeQuotas:
        assert operation == "list_service_quotas"
        return self

    def paginate(self, **request: str) -> list[dict[str, Any]]:
        assert request == {"ServiceCode": "sagemaker"}
        name = "ml.m5.xlarge for processing job usage"
        return [{"Quotas": [{"QuotaName": name, "QuotaCode": "L-0307F515", "Value": 4.0}]}]


class Functions:
    """Calls functions by folder; events and answers pass through JSON, as on AWS."""

    def __init__(self, sagemaker: FakeGroundTruth, s3: Any) -> None:
        self.sagemaker = sagemaker
        self.s3 = s3

    def __call__(self, folder: str, event: dict[str, Any]) -> Any:
        module = importlib.import_module(f"lambdas.{folder}.handler")
        return json.loads(json.dumps(module.handler(json.loads(json.dumps(event)), Context())))

    def put(self, key: str, text: str) -> None:
        self.s3.put_object(Bucket="data-bucket", Key=key, Body=text.encode())

    def text(self, key: str) -> str:
        return str(self.s3.get_object(Bucket="data-bucket", Key=key)["Body"].read().decode())


@pytest.fixture(autouse=True)
def _fresh_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """A function reads its environment once a process; here each test is one."""
    entry.loaded.cache_clear()
    monkeypatch.setattr(entry.metrics.provider, "namespace", "Kempelen")


@pytest.fixture
def functions(monkeypatch: pytest.MonkeyPatch) -> Iterator[Functions]:
    for name, value in VARIABLES.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    sagemaker = FakeGroundTruth()
    sagemaker.workteams = {"team"}
    real = boto3.client
    with mock_aws():
        fakes = {"sagemaker": sagemaker, "service-quotas": FakeQuotas()}
        monkeypatch.setattr(boto3, "client", lambda name, **more: fakes.get(name) or real(name, **more))
        clients.client.cache_clear()
        yield Functions(sagemaker, make_bucket_and_table(real))
        clients.client.cache_clear()


def make_bucket_and_table(client: Any) -> Any:
    s3, dynamodb = client("s3"), client("dynamodb")
    s3.create_bucket(Bucket="data-bucket")
    rule = {"AllowedMethods": ["GET"], "AllowedOrigins": ["*"]}
    s3.put_bucket_cors(Bucket="data-bucket", CORSConfiguration={"CORSRules": [rule]})
    make_ledger(dynamodb)
    make_tasks(dynamodb)
    for key, text in {
        "recipes/faces.yaml": RECIPE,
        "raw/faces/a.jpg": "a",
        "raw/faces/B 'b'.PNG": "b",
        "raw/faces/features.csv": "x",
    }.items():
        s3.put_object(Bucket="data-bucket", Key=key, Body=text.encode())
    return s3


@pytest.fixture
def world(functions: Any, monkeypatch: pytest.MonkeyPatch) -> World:
    cognito = boto3.client("cognito-idp")
    pool = cognito.create_user_pool(PoolName="workers", UsernameAttributes=["email"])["UserPool"]["Id"]
    for group in ("workers", "reviewers"):
        cognito.create_group(UserPoolId=pool, GroupName=group)
    values = {
        "LABELERS": "portal",
        "TASK_TABLE": "tasks",
        "USER_POOL_ID": pool,
        "USER_POOL_CLIENT_ID": CLIENT,
        "WORKER_GROUP": "workers",
        "PORTAL_ADDRESS": ADDRESS,
        "SIGN_IN_ADDRESS": SIGN_IN,
        "SOURCE_IPS": "[]",
    }
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    portal_handler._application.cache_clear()
    made = World(functions, pool)
    monkeypatch.setattr(urllib3, "request", made.token)
    made.manage("invite", email="ada@example.com")
    return made


@pytest.fixture
def ada(world: World) -> Browser:
    browser = Browser(world)
    assert browser.sign_in("ada@example.com")["statusCode"] == 303
    return browser


@pytest.fixture
def bob(world: World) -> Browser:
    browser = Browser(world)
    browser.sign_in("bob@example.com")
    return browser
