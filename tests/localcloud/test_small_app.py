"""The real CDK CLI deploys and destroys an application with one of each thing that is hard for an emulator."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from localcloud.client.process import PROJECT, LocalCloud

APP = Path(__file__).parent / "small_app" / "app.py"
STACK = "kempelen-small"


class Cdk:
    def __init__(self, cloud: LocalCloud, folder: Path) -> None:
        self._cloud = cloud
        self._folder = folder

    def __call__(self, *arguments: str) -> None:
        command = [str(PROJECT / "node_modules/.bin/cdk"), *arguments, "--no-notices"]
        environment = {**os.environ, **self._cloud.environment()}
        done = subprocess.run(
            command, cwd=self._folder, env=environment, capture_output=True, text=True, timeout=300, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[LocalCloud, Cdk, list[dict[str, str]]]]:
    """A local cloud with the application, the CLI, and what the CDK toolkit stack alone consists of."""
    folder = tmp_path_factory.mktemp("small-app")
    with LocalCloud(folder / "cloud", time_scale=0.2) as cloud:
        cdk = Cdk(cloud, folder)
        cdk("bootstrap", "aws://000000000000/us-east-1")
        toolkit = cloud.inventory()
        cdk("deploy", "--all", "--require-approval", "never", "--app", f"{sys.executable} {APP}", "--output", "out")
        yield cloud, cdk, toolkit


@pytest.fixture(scope="module")
def client(deployed: tuple[LocalCloud, Cdk, Any]) -> Callable[[str], Any]:
    import boto3

    options = {"endpoint_url": deployed[0].endpoint, "region_name": "us-east-1"}
    keys = {"aws_access_key_id": "local", "aws_secret_access_key": "local"}
    return lambda service: boto3.client(service, **options, **keys)


@pytest.fixture(scope="module")
def run(client: Callable[[str], Any]) -> Callable[..., dict[str, Any]]:
    """Execute the parent machine: its description at the end."""
    states = client("stepfunctions")

    def execute(name: str, given: dict[str, Any]) -> dict[str, Any]:
        machines = {
            machine["name"]: machine["stateMachineArn"] for machine in states.list_state_machines()["stateMachines"]
        }
        arn = states.start_execution(stateMachineArn=machines["small-parent"], name=name, input=json.dumps(given))
        while (described := states.describe_execution(executionArn=arn["executionArn"]))["status"] == "RUNNING":
            pass
        return dict(described)

    return execute


def test_a_custom_resource_that_is_complete_at_the_second_question_gives_its_data(client: Callable[[str], Any]) -> None:
    outputs = client("cloudformation").describe_stacks(StackName=STACK)["Stacks"][0]["Outputs"]
    assert {output["OutputKey"]: output["OutputValue"] for output in outputs}["SlowAnswer"] == "42"


def test_jsonata_states_carry_variables_context_and_the_childs_parsed_output(run: Callable[..., Any]) -> None:
    described = run("ordinary", {"fail": ""})
    assert json.loads(described["output"]) == {
        "child": {"name": "ordinary-child", "given": {"chosen": "default", "given": {"x": 1}}},
        "pause": 2,
        "run": "ordinary",
    }


def test_a_python_exception_is_caught_by_its_class_name(run: Callable[..., Any]) -> None:
    described = run("caught", {"fail": "no more"})
    assert json.loads(described["output"]) == {"error": "QuotaUsedUpError", "cause": "no more", "pause": 2}


def test_a_failed_child_is_task_failed_with_its_description_as_the_cause(run: Callable[..., Any]) -> None:
    failed = json.loads(run("failing", {"fail": "", "child": {"fail": "yes"}})["output"])["failed"]
    assert (failed["Status"], failed["Error"], failed["Cause"]) == ("FAILED", "ChildFailed", "asked to: yes")
    assert "Output" not in failed


def test_functions_use_the_projects_packages_and_their_own_code_folder(client: Callable[[str], Any]) -> None:
    import pydantic

    answer = json.load(client("lambda").invoke(FunctionName="small-echo", Payload=b'{"a": 1}')["Payload"])
    assert answer["a"] == 1
    assert answer["pydantic"] == pydantic.VERSION
    assert Path(answer["root"]) != PROJECT


def test_a_failed_invocation_reports_the_exception_and_where_it_was_raised(client: Callable[[str], Any]) -> None:
    answer = client("lambda").invoke(FunctionName="small-echo", Payload=b'{"fail": "now"}')
    payload = json.load(answer["Payload"])
    assert (answer["FunctionError"], payload["errorType"], payload["errorMessage"]) == (
        "Unhandled",
        "QuotaUsedUpError",
        "now",
    )
    assert any("echo.py" in line for line in payload["stackTrace"])


def test_the_network_has_what_the_templates_say(client: Callable[[str], Any]) -> None:
    ec2 = client("ec2")
    gateways = [g for g in ec2.describe_nat_gateways()["NatGateways"] if g["State"] == "available"]
    addresses = {address["AllocationId"] for address in ec2.describe_addresses()["Addresses"]}
    assert len(gateways) == len(addresses) == 1
    assert len(ec2.describe_flow_logs()["FlowLogs"]) == 1
    groups = [g for g in ec2.describe_security_groups()["SecurityGroups"] if g["GroupName"].startswith(STACK)]
    rules = {(r["FromPort"], r["UserIdGroupPairs"][0]["GroupId"]) for g in groups for r in g["IpPermissions"]}
    assert rules == {(2049, groups[0]["GroupId"])}


# Last: it takes the application down.
def test_destroy_leaves_only_what_aws_would_leave(
    deployed: tuple[LocalCloud, Cdk, Any], client: Callable[[str], Any]
) -> None:
    cloud, cdk, toolkit = deployed
    bucket = next(b["Name"] for b in client("s3").list_buckets()["Buckets"] if b["Name"].startswith(STACK))
    for content in (b"first version", b"second version"):
        client("s3").put_object(Bucket=bucket, Key="a file", Body=content)
    cdk("destroy", "--all", "--force", "--app", "out")
    left = [resource for resource in cloud.inventory() if resource not in toolkit]
    # The flow log's group is retained by CDK's default, the others are those that Lambda made implicitly.
    assert {(resource["service"], resource["type"]) for resource in left} == {("cloudwatch_logs", "log_groups")}
    assert "/aws/lambda/small-echo" in {resource["id"] for resource in left}
