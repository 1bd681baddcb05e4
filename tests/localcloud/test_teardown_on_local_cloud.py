"""The teardown state machine and its Lambda on the local cloud: nothing of a used domain remains, its twin stays."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from stacks.constructs.workflow.definition import read_definition
from tests.localcloud.processing import LOGS, Lab
from tests.localcloud.studio import Studio

ROOT = Path(__file__).resolve().parents[2]
ROLE = "arn:aws:iam::000000000000:role/any"
ASYNCHRONOUS_SECONDS = 90


@pytest.fixture(scope="module")
def studio(client, until) -> Studio:
    return Studio(client, until)


@pytest.fixture(scope="module")
def code() -> bytes:
    """The functions' code asset: the folders that the stacks put into it."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for folder in ("lambdas", "domain", "adapters"):
            for path in sorted((ROOT / folder).rglob("*.py")):
                archive.write(path, path.relative_to(ROOT))
    return buffer.getvalue()


def used_domain(studio: Studio) -> str:
    """A domain as people leave it: Canvas in a profile, JupyterLab in a private space, a second profile."""
    domain = studio.domain()
    for name in ("ada", "bob"):
        studio.profile(domain, name)
    studio.canvas(domain, "ada")
    studio.space(domain, "ada")
    studio.app(DomainId=domain, SpaceName="workbench", AppType="JupyterLab", AppName="default")
    return domain


def machine_for(client: Any, code: bytes, unique: Any, domain: str) -> str:
    """The state machine with its function, as the workflow stack makes them."""
    variables = {
        "DOMAIN_ID": domain,
        "STAGE": "dev",
        "PROJECT_TAG": "kempelen:stage",
        "JOB_NAME_PREFIX": "kempelen-dev-",
        "RETAIN": "false",
        "SCHEDULE_GROUP": unique("group"),
        "STATE_MACHINE_ARNS": "[]",
        "POWERTOOLS_SERVICE_NAME": "teardown",
        "POWERTOOLS_METRICS_NAMESPACE": "Kempelen",
        "POWERTOOLS_TRACE_DISABLED": "true",
    }
    function = client("lambda").create_function(
        FunctionName=unique("teardown-step"),
        Runtime="python3.13",
        Role=ROLE,
        Handler="lambdas.teardown_step.handler.handler",
        Code={"ZipFile": code},
        Timeout=300,
        Environment={"Variables": variables},
    )["FunctionArn"]
    client("scheduler").create_schedule_group(Name=variables["SCHEDULE_GROUP"])
    topic = client("sns").create_topic(Name=unique("topic"))["TopicArn"]
    definition = read_definition(ROOT / "workflows" / "teardown.asl.json")
    for name, value in {"TeardownStepFunctionArn": function, "TopicArn": topic, "Stage": "dev"}.items():
        definition = definition.replace(f"${{{name}}}", value)
    return str(
        client("stepfunctions").create_state_machine(name=unique("teardown"), definition=definition, roleArn=ROLE)[
            "stateMachineArn"
        ]
    )


def execute(client: Any, until: Any, machine: str, request: dict[str, Any]) -> dict[str, Any]:
    execution = client("stepfunctions").start_execution(stateMachineArn=machine, input=json.dumps(request))
    return dict(
        until(
            lambda: client("stepfunctions").describe_execution(executionArn=execution["executionArn"]),
            lambda described: described["status"] != "RUNNING",
        )
    )


def left_of(client: Any, domain: str) -> list[str]:
    """Names of what is left of a domain in SageMaker, EFS and EC2; apps as far as they live."""
    sagemaker = client("sagemaker")
    apps = sagemaker.list_apps(DomainIdEquals=domain)["Apps"]
    left = [app["AppType"] for app in apps if app["Status"] not in ("Deleted", "Failed")]
    left += [space["SpaceName"] for space in sagemaker.list_spaces(DomainIdEquals=domain)["Spaces"]]
    left += [one["UserProfileName"] for one in sagemaker.list_user_profiles(DomainIdEquals=domain)["UserProfiles"]]
    pages = sagemaker.get_paginator("list_domains").paginate()  # other tests leave many in the shared cloud
    left += [one["DomainId"] for page in pages for one in page["Domains"] if one["DomainId"] == domain]
    for system in client("efs").describe_file_systems()["FileSystems"]:
        if any(tag["Value"].endswith(f"domain/{domain}") for tag in system["Tags"]):
            left.append(system["FileSystemId"])
    groups = client("ec2").describe_security_groups()["SecurityGroups"]
    left += [group["GroupName"] for group in groups if group["GroupName"].endswith(domain)]
    return sorted(left)


def test_a_used_domain_is_taken_down_to_the_security_groups_and_its_twin_stays(
    client, until, unique, studio: Studio, code: bytes
) -> None:
    ours, twin = used_domain(studio), used_domain(studio)
    before = left_of(client, twin)
    assert len(before) == 9
    machine = machine_for(client, code, unique, ours)

    listed = execute(client, until, machine, {"dry_run": True})
    assert listed["status"] == "SUCCEEDED", listed
    output = json.loads(listed["output"])
    assert output["outcome"] == "listed"
    assert {"name": "app Canvas/default of user profile ada", "reason": "would be deleted"} in output["would_delete"]
    assert len(left_of(client, ours)) == 9

    done = execute(client, until, machine, {"confirm": "dev"})
    assert done["status"] == "SUCCEEDED", done
    output = json.loads(done["output"])
    assert output["outcome"] == "empty"
    assert f"domain {ours}" in output["deleted"]
    assert output["deleted_count"] == len(output["deleted"])
    assert left_of(client, ours) == []
    assert left_of(client, twin) == before


def test_an_unknown_field_of_the_input_fails_the_execution_by_name(
    client, until, unique, studio: Studio, code: bytes
) -> None:
    failed = execute(client, until, machine_for(client, code, unique, "d-unused"), {"dryrun": True})
    assert failed["status"] == "FAILED"
    assert failed["error"] == "InvalidInput"
    assert "dryrun" in failed["cause"]


def logged(lab: Lab, unique: Any, stage: str) -> str:
    """A processing job of a stage that has ended and logged."""
    name = unique(f"kempelen-{stage}-augment")
    tags = [{"Key": "kempelen:stage", "Value": stage}]
    assert lab.run("print('done')", ProcessingJobName=name, Tags=tags)["ProcessingJobStatus"] == "Completed"
    lab.until(lambda: lab.log(name), bool)
    return name


def test_a_jobs_log_goes_and_that_of_another_stage_stays_and_keeps_the_group(
    client, until, unique, studio: Studio, code: bytes
) -> None:
    lab = Lab(client, until)
    ours, twins = logged(lab, unique, "dev"), logged(lab, unique, "dev-2")
    done = execute(client, until, machine_for(client, code, unique, "d-unused"), {"confirm": "dev"})
    assert done["status"] == "SUCCEEDED", done
    deleted = json.loads(done["output"])["deleted"]
    assert [name for name in deleted if ours in name]
    assert not [name for name in deleted if twins in name]
    assert lab.log(ours) == {}
    assert list(lab.log(twins).values()) == [["done"]]
    assert [group["logGroupName"] for group in client("logs").describe_log_groups(logGroupNamePrefix=LOGS)["logGroups"]]
