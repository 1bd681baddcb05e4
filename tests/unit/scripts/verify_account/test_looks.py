from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from scripts.verify_account import account, capacity, existing, names, people, permissions
from scripts.verify_account.__main__ import verify
from scripts.verify_account.finding import Verdict, looked
from tests.unit.scripts.verify_account.conftest import NUMBER, Scripted


def found(look: Any, asked: Scripted, **more: Any) -> list[tuple[Verdict, str]]:
    return [(one.verdict, one.detail) for one in look(asked.account, **more)]


def verdicts(look: Any, asked: Scripted, **more: Any) -> list[Verdict]:
    return [verdict for verdict, _ in found(look, asked, **more)]


def test_a_call_that_is_denied_is_a_finding_after_those_before_it_and_ends_nothing_else(scripted: Any) -> None:
    asked = scripted()
    asked.says("ec2", "describe_vpcs", {"Vpcs": []})
    asked.refuses("ec2", "describe_availability_zones", "UnauthorizedOperation")
    seen = list(looked("network", lambda: capacity.network(asked.account)))
    assert [one.verdict for one in seen] == [Verdict.NOTE, Verdict.UNKNOWN]
    assert seen[1].detail.startswith("AccessDenied: network")


def test_an_account_in_which_nothing_may_be_looked_at_still_gets_a_whole_report(
    scripted: Any, monkeypatch: Any
) -> None:
    asked = scripted()

    class Denied:
        def __getattr__(self, name: str) -> Any:
            def refuse(*_: Any, **__: Any) -> Any:
                raise ClientError({"Error": {"Code": "AccessDenied", "Message": "no"}}, name)

            if name == "get_paginator":
                return lambda _: type("Pages", (), {"paginate": staticmethod(refuse)})
            return refuse

    monkeypatch.setattr(asked.account, "client", lambda _: Denied())
    seen = verify(asked.account)
    assert {"who asks", "bootstrap", "stacks", "processing image", "permissions"} <= {
        one.topic for one in seen if one.verdict is Verdict.UNKNOWN
    }


def test_roots_credentials_and_another_region_are_problems(scripted: Any) -> None:
    asked = scripted(region="eu-west-1")
    asked.says("sts", "get_caller_identity", {"Account": NUMBER, "Arn": f"arn:aws:iam::{NUMBER}:root", "UserId": "x"})
    assert verdicts(account.identity, asked) == [Verdict.OK, Verdict.PROBLEM]
    assert verdicts(account.region, asked) == [Verdict.PROBLEM]


@pytest.mark.parametrize(("version", "verdict"), [("33", Verdict.OK), ("5", Verdict.PROBLEM), (None, Verdict.PROBLEM)])
def test_the_bootstraps_version_is_that_of_the_stages_qualifier(
    version: str | None, verdict: Verdict, scripted: Any
) -> None:
    asked = scripted()
    if version:
        asked.says("ssm", "get_parameter", {"Parameter": {"Name": "/cdk-bootstrap/team1/version", "Value": version}})
    else:
        asked.refuses("ssm", "get_parameter", "ParameterNotFound")
    ((seen, detail),) = found(account.bootstrap, asked)
    assert seen is verdict
    assert "team1" in detail


def test_stacks_that_stand_give_their_outputs_and_those_that_failed_are_problems(scripted: Any) -> None:
    asked = scripted()
    common = {"StackName": "one", "CreationTime": "2026-11-28T00:00:00Z"}
    outputs = [{"OutputKey": "DomainId", "OutputValue": "d-1"}, {"OutputKey": "ExportsX", "OutputValue": "no"}]
    for status, given in (("UPDATE_COMPLETE", outputs), ("ROLLBACK_COMPLETE", [])):
        stack = {**common, "StackStatus": status, "Outputs": given}
        asked.says("cloudformation", "describe_stacks", {"Stacks": [stack]})
    first, second = found(account.stacks, asked)
    assert first == (Verdict.OK, "UPDATE_COMPLETE. DomainId = d-1")
    assert second[0] is Verdict.PROBLEM


@pytest.mark.parametrize(("value", "verdict"), [(4.0, Verdict.OK), (0.0, Verdict.PROBLEM)])
def test_a_quota_of_no_machines_is_a_problem_on_whichever_page_it_stands(
    value: float, verdict: Verdict, scripted: Any
) -> None:
    asked = scripted()
    asked.says("service-quotas", "list_service_quotas", {"Quotas": [], "NextToken": "more"})
    quota = {"QuotaName": "ml.m5.xlarge for processing job usage", "QuotaCode": "L-1", "Value": value}
    asked.says("service-quotas", "list_service_quotas", {"Quotas": [quota]})
    assert verdicts(capacity.machines, asked) == [verdict]


def test_an_endpoint_that_a_zone_lacks_is_named_with_the_setting_that_helps(scripted: Any) -> None:
    asked = scripted()
    service = {"ServiceName": "com.amazonaws.us-east-1.sts", "AvailabilityZones": ["us-east-1a"]}
    asked.says("ec2", "describe_vpc_endpoint_services", {"ServiceDetails": [service]})
    ((verdict, detail),) = found(capacity.endpoints, asked)
    assert verdict is Verdict.PROBLEM
    assert "us-east-1b" in detail
    assert "network.availability_zones" in detail


def test_a_runtime_that_lambda_does_not_know_is_a_problem(scripted: Any) -> None:
    asked = scripted()
    asked.refuses("lambda", "list_layers", "InvalidParameterValueException", "Value python3.14 ...")
    assert verdicts(capacity.runtime, asked) == [Verdict.PROBLEM]


def test_names_that_are_taken_are_found_also_on_a_second_page_and_those_of_our_own_stacks_are_not(
    scripted: Any,
) -> None:
    asked = scripted()
    group = "/aws/lambda/kempelen-dev-preflight"
    asked.says("logs", "describe_log_groups", {"logGroups": [{"logGroupName": f"{group}-2"}], "nextToken": "more"})
    asked.says("logs", "describe_log_groups", {"logGroups": [{"logGroupName": group}]})
    ((verdict, detail),) = found(names.collisions, asked, kind="AWS::Logs::LogGroup")
    assert verdict is Verdict.PROBLEM
    assert group in detail
    asked.refuses("lambda", "get_function_configuration", "ResourceNotFoundException")
    assert verdicts(names.collisions, asked, kind="AWS::Lambda::Function") == [Verdict.OK]
    asked.account.deployed.add("kempelen-dev-workflow")
    assert verdicts(names.collisions, asked, kind="AWS::Logs::LogGroup") == []


def test_an_account_with_a_workforce_is_told_of_the_setting_unless_it_is_set(scripted: Any) -> None:
    for settings, verdict in (("", Verdict.PROBLEM), ('[workforce]\nworkteam_arn = "any"', Verdict.OK)):
        asked = scripted(settings)
        asked.says("sagemaker", "list_labeling_jobs", {"LabelingJobSummaryList": []})
        force = {"WorkforceName": "theirs", "WorkforceArn": "arn:aws:sagemaker:us-east-1:123456789012:workforce/theirs"}
        asked.says("sagemaker", "list_workforces", {"Workforces": [force]})
        assert verdicts(people.ground_truth, asked) == [Verdict.OK, verdict]


def test_who_is_not_in_identity_center_is_named_by_the_setting_and_not_by_name(scripted: Any) -> None:
    profiles = '[studio]\nauth = "SSO"\n[[studio.user_profiles]]\nname = "jane"\nsso_user = "jane@acme.com"\n'
    asked = scripted(profiles)
    asked.says("sso-admin", "list_instances", {"Instances": [{"IdentityStoreId": "d-1234567890"}]})
    asked.refuses("identitystore", "get_user_id", "ResourceNotFoundException")
    seen = found(people.identity_center, asked)
    assert [verdict for verdict, _ in seen] == [Verdict.OK, Verdict.PROBLEM]
    assert "user_profiles[0]" in seen[1][1]
    assert "acme" not in str(seen)


def test_what_cloudformations_role_may_not_do_is_named(scripted: Any) -> None:
    asked = scripted()
    results = [
        {"EvalActionName": "ec2:CreateVpc", "EvalDecision": "implicitDeny"},
        {"EvalActionName": "lambda:CreateFunction", "EvalDecision": "allowed"},
    ]
    asked.says("iam", "simulate_principal_policy", {"EvaluationResults": results})
    ((verdict, detail),) = found(permissions.making, asked)
    assert verdict is Verdict.PROBLEM
    assert "ec2:CreateVpc" in detail
    assert "lambda:CreateFunction" not in detail


def test_a_sessions_role_is_asked_about_with_its_path(scripted: Any) -> None:
    asked = scripted()
    asked.account.caller = f"arn:aws:sts::{NUMBER}:assumed-role/Admin/jane@acme.com"
    role = {
        "Path": "/team/",
        "RoleName": "Admin",
        "RoleId": "AROA1234567890123456",
        "CreateDate": "2026-01-01T00:00:00Z",
    }
    asked.says("iam", "get_role", {"Role": {**role, "Arn": f"arn:aws:iam::{NUMBER}:role/team/Admin"}})
    expected = {
        "PolicySourceArn": f"arn:aws:iam::{NUMBER}:role/team/Admin",
        "ActionNames": ["sts:AssumeRole"],
        "ResourceArns": [f"arn:aws:iam::{NUMBER}:role/cdk-team1-deploy-role"],
    }
    asked.stubs["iam"].add_response("simulate_principal_policy", {"EvaluationResults": []}, expected)
    assert verdicts(permissions.handing_over, asked) == [Verdict.OK]


def test_a_given_bucket_is_looked_at_for_all_that_is_its_owners(scripted: Any) -> None:
    asked = scripted('[storage]\nbucket = "theirs"\n')
    asked.says("s3", "get_bucket_location", {"LocationConstraint": "eu-west-1"})
    asked.refuses("s3", "get_bucket_cors", "NoSuchCORSConfiguration")
    asked.says("s3", "get_bucket_versioning", {})
    default = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": "arn:aws:kms:us-east-1:123456789012:key/1"}
    rules = [{"ApplyServerSideEncryptionByDefault": default}]
    asked.says("s3", "get_bucket_encryption", {"ServerSideEncryptionConfiguration": {"Rules": rules}})
    rule = {"Status": "Enabled", "Filter": {"Prefix": "labels/"}, "Expiration": {"Days": 1}}
    asked.says("s3", "get_bucket_lifecycle_configuration", {"Rules": [rule]})
    problem, note = Verdict.PROBLEM, Verdict.NOTE
    assert verdicts(existing.bucket, asked) == [problem, problem, note, problem, problem]


def test_a_given_vpc_must_have_the_subnets_and_a_way_out_that_is_no_internet_gateway(scripted: Any) -> None:
    network = '[network]\nmode = "VpcOnly"\nvpc_id = "vpc-1"\nsubnet_ids = ["subnet-1"]\n'
    gateways = ({"GatewayId": "igw-1"}, {"NatGatewayId": "nat-1"})
    for target, verdict in zip(gateways, (Verdict.PROBLEM, Verdict.OK), strict=True):
        asked = scripted(network)
        asked.says("ec2", "describe_subnets", {"Subnets": [{"SubnetId": "subnet-1", "VpcId": "vpc-1"}]})
        asked.says("ec2", "describe_vpc_attribute", {"EnableDnsSupport": {"Value": True}})
        asked.says("ec2", "describe_vpc_attribute", {"EnableDnsHostnames": {"Value": False}})
        table = {"Associations": [{"Main": True}], "Routes": [{"DestinationCidrBlock": "0.0.0.0/0", **target}]}
        asked.says("ec2", "describe_route_tables", {"RouteTables": [table]})
        asked.says("ec2", "describe_vpc_endpoints", {"VpcEndpoints": []})
        assert verdicts(existing.vpc, asked) == [Verdict.OK, Verdict.OK, Verdict.PROBLEM, verdict]
