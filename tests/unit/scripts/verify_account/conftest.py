"""A stage of two stacks as `cdk synth` writes it, and an account whose answers are scripted and checked by botocore."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber

from scripts.verify_account.account import Account
from scripts.verify_account.stage import Stage, load_stage

NUMBER = "123456789012"
IMAGE = "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-scikit-learn:1.4-2-cpu-py3"
PROPERTIES = {
    "requiresBootstrapStackVersion": 6,
    "bootstrapStackVersionSsmParameter": "/cdk-bootstrap/team1/version",
    "assumeRoleArn": "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/cdk-team1-deploy-role",
    "cloudFormationExecutionRoleArn": "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/cdk-team1-cfn-exec-role",
}
NETWORK = {
    "Vpc": {"Type": "AWS::EC2::VPC"},
    **{
        f"Subnet{zone}": {"Type": "AWS::EC2::Subnet", "Properties": {"AvailabilityZone": zone}}
        for zone in ("us-east-1a", "us-east-1b")
    },
    "Endpoint": {
        "Type": "AWS::EC2::VPCEndpoint",
        "Properties": {
            "VpcEndpointType": "Interface",
            "ServiceName": {"Fn::Join": ["", ["com.amazonaws.", {"Ref": "AWS::Region"}, ".sts"]]},
        },
    },
}
WORKFLOW = {
    "Function": {
        "Type": "AWS::Lambda::Function",
        "Properties": {
            "FunctionName": "kempelen-dev-preflight",
            "Runtime": "python3.14",
            "Architectures": ["arm64"],
            "Environment": {"Variables": {"LABELERS": "ground_truth"}},
        },
    },
    "Machine": {
        "Type": "AWS::StepFunctions::StateMachine",
        "Properties": {
            "StateMachineName": "kempelen-dev-augment",
            "DefinitionSubstitutions": {"Image": IMAGE, "Type": "ml.m5.xlarge"},
        },
    },
    "Logs": {"Type": "AWS::Logs::LogGroup", "Properties": {"LogGroupName": "/aws/lambda/kempelen-dev-preflight"}},
    "Prefix": {
        "Type": "AWS::Cognito::UserPoolDomain",
        "Properties": {"Domain": {"Fn::Join": ["", ["kempelen-dev-", {"Ref": "AWS::AccountId"}]]}},
    },
}


@pytest.fixture
def assembly(tmp_path: Path) -> Path:
    artifacts = {}
    for part, resources in (("network", NETWORK), ("workflow", WORKFLOW)):
        name = f"kempelen-dev-{part}"
        (tmp_path / f"{name}.template.json").write_text(json.dumps({"Resources": resources}, indent=1))
        artifacts[name] = {
            "type": "aws:cloudformation:stack",
            "environment": "aws://unknown-account/us-east-1",
            "properties": {**PROPERTIES, "templateFile": f"{name}.template.json"},
        }
    (tmp_path / "manifest.json").write_text(json.dumps({"artifacts": artifacts}))
    return tmp_path


@pytest.fixture
def stage(assembly: Path) -> Callable[..., Stage]:
    """With these lines as its settings."""

    def load(settings: str = "") -> Stage:
        (assembly / "dev.toml").write_text(settings)
        return load_stage("dev", assembly, assembly)

    return load


@cache
def client_of(service: str) -> Any:
    return boto3.client(service, "us-east-1", aws_access_key_id="any", aws_secret_access_key="any")


class Scripted:
    """An account: `says` and `refuses` script the next answer of a service."""

    def __init__(self, stage: Stage, region: str = "us-east-1") -> None:
        self.stubs: dict[str, Stubber] = {}
        self.account = Account(stage, self._client, region, NUMBER, f"arn:aws:iam::{NUMBER}:user/jane")

    def says(self, service: str, operation: str, answer: dict[str, Any]) -> None:
        self._stub(service).add_response(operation, answer)

    def refuses(self, service: str, operation: str, code: str, message: str = "no") -> None:
        self._stub(service).add_client_error(operation, code, message)

    def _client(self, service: str) -> Any:
        self._stub(service)
        return client_of(service)

    def _stub(self, service: str) -> Stubber:
        if service not in self.stubs:
            self.stubs[service] = Stubber(client_of(service))
            self.stubs[service].activate()
        return self.stubs[service]


@pytest.fixture
def scripted(stage: Callable[..., Stage]) -> Any:
    made: list[Scripted] = []

    def end() -> None:
        for one in made:
            for stub in one.stubs.values():
                stub.deactivate()

    def make(settings: str = "", region: str = "us-east-1") -> Scripted:
        end()  # clients are made once for all tests
        made.append(Scripted(stage(settings), region))
        return made[-1]

    yield make
    end()
