"""A stage in what exists: bucket, VPC, domain of others, or no domain at all. Nothing of theirs is in a template."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from tests.infra.grants import grants
from tests.infra.policies import all_statements, listed
from tests.infra.variants import (
    BUCKET,
    BUCKET_KEY,
    DOMAIN,
    GIVEN_DOMAIN,
    GIVEN_GROUP,
    GIVEN_VPC,
    GROUP,
    SUBNETS,
    VPC,
    WITHOUT_STUDIO,
    WITHOUT_STUDIO_GUARDED,
    Synthesized,
)

Synthesize = Callable[[str], Synthesized]


def kinds(made: Synthesized, service: str) -> set[str]:
    found = {resource["Type"] for one in made.templates.values() for resource in one.to_json()["Resources"].values()}
    return {kind for kind in found if kind.startswith(f"AWS::{service}::")}


def texts(made: Synthesized) -> str:
    return json.dumps([template.to_json() for template in made.templates.values()])


def teardown_grants(made: Synthesized) -> set[str]:
    return {grant.action for grant in grants(made) if "teardown" in grant.role.lower()}


@pytest.mark.parametrize("variant", [WITHOUT_STUDIO, WITHOUT_STUDIO_GUARDED, GIVEN_DOMAIN])
def test_without_a_domain_of_its_own_a_stage_has_no_network_and_makes_no_domain(
    variant: str, synthesized: Synthesize
) -> None:
    made = synthesized(variant)
    assert "network" not in made.templates
    assert kinds(made, "EC2") == set()
    assert kinds(made, "SageMaker") <= {"AWS::SageMaker::Workteam"}
    assert ("studio" in made.templates) == (variant == GIVEN_DOMAIN)


@pytest.mark.parametrize("variant", [WITHOUT_STUDIO, GIVEN_DOMAIN])
def test_teardown_is_told_of_no_domain_and_may_touch_none(variant: str, synthesized: Synthesize) -> None:
    made = synthesized(variant)
    told = [
        function["Environment"]["Variables"]["DOMAIN_ID"]
        for function in made.resources("workflow", "AWS::Lambda::Function").values()
        if "DOMAIN_ID" in function.get("Environment", {}).get("Variables", {})
    ]
    assert told
    assert set(told) == {"none"}
    allowed = teardown_grants(made)
    assert "sagemaker:StopProcessingJob" in allowed
    assert not {action for action in allowed if action.startswith(("ec2:", "elasticfilesystem:"))}
    assert not allowed & {"sagemaker:DeleteApp", "sagemaker:DeleteDomain", "sagemaker:DeleteUserProfile"}


@pytest.mark.parametrize("variant", [WITHOUT_STUDIO, WITHOUT_STUDIO_GUARDED])
def test_a_given_bucket_is_not_in_a_template_nor_is_any_policy_of_it(variant: str, synthesized: Synthesize) -> None:
    made = synthesized(variant)
    assert kinds(made, "S3") == set()
    (output,) = made.templates["storage"].find_outputs("DataBucketName").values()
    assert output["Value"] == BUCKET
    buckets = {grant.resource.split("/")[0] for grant in grants(made) if grant.resource.startswith("s3:")}
    assert f"s3::{BUCKET}" in buckets or f"s3:{BUCKET}" in buckets, buckets


def test_who_reads_objects_may_use_the_buckets_key_and_who_does_not_may_not(synthesized: Synthesize) -> None:
    made = synthesized(WITHOUT_STUDIO)
    with_key = {
        where for where, statement in all_statements(made) if BUCKET_KEY in map(str, listed(statement["Resource"]))
    }
    objects = {
        where
        for where, statement in all_statements(made)
        if "s3:GetObject" in listed(statement["Action"]) and BUCKET in json.dumps(statement["Resource"])
    }
    assert objects
    assert objects <= with_key
    assert not {where for where in with_key if "endaugmentation" in where.lower()}  # the ledger alone
    assert kinds(made, "KMS") == set()


def test_a_key_of_the_stages_own_beside_a_given_bucket_is_for_the_ledger_and_the_volumes(
    synthesized: Synthesize,
) -> None:
    made = synthesized(WITHOUT_STUDIO_GUARDED)
    assert made.only("storage", "AWS::DynamoDB::Table")["SSESpecification"]["SSEEnabled"] is True
    uses = {grant.role for grant in grants(made) if grant.action == "kms:Decrypt" and grant.resource == "Key"}
    assert "FunctionsendaugmentationRole" in uses
    assert "LabelingRole" in uses
    assert "ProcessingRole" not in uses


def test_a_given_domain_gets_a_role_for_its_people_and_nothing_else(synthesized: Synthesize) -> None:
    made = synthesized(GIVEN_DOMAIN)
    kinds_of_studio = {one["Type"] for one in made.templates["studio"].to_json()["Resources"].values()}
    assert kinds_of_studio == {"AWS::IAM::Role", "AWS::IAM::Policy"}
    of_domain = {grant.role for grant in grants(made) if DOMAIN in grant.resource}
    assert of_domain == {"ExecutionRole"}
    assert {"DomainId", "ExecutionRoleArn"} == made.outputs("studio")


@pytest.mark.parametrize("variant", [GIVEN_VPC, GIVEN_GROUP])
def test_in_a_given_vpc_nothing_is_made_but_the_apps_group(variant: str, synthesized: Synthesize) -> None:
    made = synthesized(variant)
    assert "network" not in made.templates
    given = variant == GIVEN_GROUP
    rules = {"AWS::EC2::SecurityGroup", "AWS::EC2::SecurityGroupEgress", "AWS::EC2::SecurityGroupIngress"}
    assert kinds(made, "EC2") == (set() if given else kinds(made, "EC2") & rules)
    assert "Custom::KempelenNetworkTenants" not in texts(made)
    domain = made.only("studio", "AWS::SageMaker::Domain")
    assert (domain["VpcId"], domain["SubnetIds"]) == (VPC, SUBNETS)
    (group,) = domain["DefaultUserSettings"]["SecurityGroups"]
    if given:
        assert group == GROUP
    else:
        (made_here,) = made.resources("studio", "AWS::EC2::SecurityGroup").values()
        assert made_here["VpcId"] == VPC
        assert 443 in {rule.get("FromPort") for rule in made_here["SecurityGroupEgress"]}


def test_teardown_reaches_groups_and_interfaces_of_the_given_vpc_only(synthesized: Synthesize) -> None:
    conditions = [
        statement["Condition"]
        for _, statement in all_statements(synthesized(GIVEN_VPC))
        if "ec2:DeleteSecurityGroup" in listed(statement["Action"])
    ]
    assert conditions
    assert all(f"vpc/{VPC}" in json.dumps(condition["ArnEquals"]["ec2:Vpc"]) for condition in conditions)


@pytest.mark.parametrize(
    ("variant", "standing"),
    [
        (WITHOUT_STUDIO, {"storage.bucket": BUCKET, "studio.domain": "none", "network.vpc_id": "own"}),
        (GIVEN_DOMAIN, {"storage.bucket": "own", "studio.domain": DOMAIN}),
        (GIVEN_VPC, {"network.vpc_id": VPC, "studio.domain": "own"}),
    ],
)
def test_what_a_stage_stands_in_cannot_change_while_it_stands(
    variant: str, standing: dict[str, str], synthesized: Synthesize
) -> None:
    (fixed,) = synthesized(variant).resources("storage", "Custom::KempelenFixedSettings").values()
    assert standing.items() <= fixed["Settings"].items()


@pytest.mark.parametrize("variant", [WITHOUT_STUDIO, GIVEN_DOMAIN, GIVEN_VPC])
def test_the_storage_stack_which_refuses_changes_is_deployed_before_all_others(
    variant: str, synthesized: Synthesize
) -> None:
    made = synthesized(variant)
    manifest = json.loads((made.folder / "manifest.json").read_text())
    for part in set(made.templates) - {"storage", "network"}:
        assert "kempelen-dev-storage" in manifest["artifacts"][f"kempelen-dev-{part}"]["dependencies"], part
