from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from tests.infra.policies import actions_of, all_statements, allowing, listed, policies_of
from tests.infra.variants import OWN_DOMAIN, Synthesized

EMPTYING, SAFEGUARD = "Teardown0042FE15", "TeardownSafeguard50A79667"


@pytest.mark.parametrize("variant", OWN_DOMAIN)
def test_the_domain_has_the_modes_of_the_settings(variant: str, synthesized: Callable[[str], Synthesized]) -> None:
    made = synthesized(variant)
    domain = made.only("studio", "AWS::SageMaker::Domain")
    assert domain["AuthMode"] == made.settings.studio.auth
    assert domain["AppNetworkAccessType"] == made.settings.network.mode
    network = made.settings.network
    assert len(domain["SubnetIds"]) == (len(network.availability_zones or network.subnet_ids) or 3)


def test_canvas_is_shown_and_idle_apps_stop(dev: Synthesized) -> None:
    users = dev.only("studio", "AWS::SageMaker::Domain")["DefaultUserSettings"]
    assert "Canvas" not in users["StudioWebPortalSettings"].get("HiddenAppTypes", [])
    for app in ("JupyterLabAppSettings", "CodeEditorAppSettings"):
        idle = users[app]["AppLifecycleManagement"]["IdleSettings"]
        assert idle["LifecycleManagement"] == "ENABLED"
        assert idle["IdleTimeoutInMinutes"] >= 60


def test_idle_canvas_apps_of_this_domain_are_closed_by_a_function(dev: Synthesized) -> None:
    rule = dev.only("studio", "AWS::Events::Rule")
    assert (rule["ScheduleExpression"], rule["State"]) == ("rate(15 minutes)", "ENABLED")
    assert "stopidlecanvas" in json.dumps(rule["Targets"])
    functions = dev.resources("studio", "AWS::Lambda::Function").values()
    (function,) = (one for one in functions if "stop_idle_canvas" in str(one["Handler"]))
    assert function["Environment"]["Variables"]["IDLE_MINUTES"] == "60"
    apps = json.dumps(
        allowing(policies_of(dev, "studio", "Functionsstopidlecanvas"), "sagemaker:DeleteApp")["Resource"]
    )
    assert apps.count('"DomainId"') == 2
    assert "/*/Canvas/default" in apps


def test_profiles_name_their_identity_center_user_under_sso_alone(dev: Synthesized, guarded: Synthesized) -> None:
    assert "SingleSignOnUserIdentifier" not in dev.only("studio", "AWS::SageMaker::UserProfile")
    profile = guarded.only("studio", "AWS::SageMaker::UserProfile")
    assert profile["SingleSignOnUserIdentifier"] == "UserName"
    assert profile["SingleSignOnUserValue"] == "jane@example.com"


def test_the_home_file_system_has_the_own_key(dev: Synthesized, guarded: Synthesized) -> None:
    assert "KmsKeyId" not in dev.only("studio", "AWS::SageMaker::Domain")
    assert "KmsKeyId" in guarded.only("studio", "AWS::SageMaker::Domain")


def test_people_get_nine_ec2_actions_and_not_full_access(dev: Synthesized) -> None:
    statements = policies_of(dev, "studio", "ExecutionRole")
    assert len([action for action in actions_of(statements) if action.startswith("ec2:")]) == 9
    (role,) = (
        role
        for role in dev.resources("studio", "AWS::IAM::Role").values()
        if "sagemaker.amazonaws.com" in json.dumps(role["AssumeRolePolicyDocument"])
    )
    assert "ManagedPolicyArns" not in role


def test_course_access_adds_the_policies_of_the_course(synthesized: Callable[[str], Synthesized]) -> None:
    roles = synthesized("IAM, VpcOnly, NAT").resources("studio", "AWS::IAM::Role").values()
    (execution,) = (role for role in roles if "sagemaker.amazonaws.com" in json.dumps(role["AssumeRolePolicyDocument"]))
    policies = json.dumps(execution["ManagedPolicyArns"])
    for name in ("AmazonS3FullAccess", "AmazonEC2FullAccess", "AmazonSageMakerFullAccess"):
        assert name in policies


PARTS_OF_A_DOMAIN = ("App", "Space", "UserProfile", "PresignedDomainUrl")
OWNER = "sagemaker:OwnerUserProfileArn"


def test_people_reach_what_is_in_their_own_domain_alone(dev: Synthesized) -> None:
    found = 0
    for statement in policies_of(dev, "studio", "ExecutionRole"):
        if any(action.endswith(PARTS_OF_A_DOMAIN) for action in listed(statement["Action"])):
            found += 1
            resources = listed(statement["Resource"])
            assert all('{"Fn::GetAtt": ["Domain", "DomainId"]}' in json.dumps(resource) for resource in resources)
    assert found >= 6


def test_people_open_and_close_only_what_is_their_own_or_shared(dev: Synthesized) -> None:
    """Nobody signs in as another, or closes what is another's private one."""
    changing = ("Create", "Delete", "Update")
    statements = [
        statement
        for statement in policies_of(dev, "studio", "ExecutionRole")
        if any(action.split(":")[1].startswith(changing) for action in listed(statement["Action"]))
        and any(action.endswith(PARTS_OF_A_DOMAIN) for action in listed(statement["Action"]))
    ]
    assert len(statements) == 5
    for statement in statements:
        condition = statement.get("Condition", {})
        own_name = "/${sagemaker:UserProfileName}" in json.dumps(statement["Resource"])
        own = "${sagemaker:UserProfileName}" in json.dumps(condition.get("ArnEquals", {}).get(OWNER, ""))
        shared = condition == {"StringEquals": {"sagemaker:SpaceSharingType": "Shared"}}
        assert own_name or own or (shared and all("Space" not in action for action in listed(statement["Action"])))
    (tag,) = (
        one for one in policies_of(dev, "studio", "ExecutionRole") if listed(one["Action"]) == ["sagemaker:AddTags"]
    )
    assert tag["Condition"] == {"Null": {"sagemaker:TaggingAction": "false"}}


def test_destroy_empties_the_domain_before_it_deletes_what_it_needs(dev: Synthesized) -> None:
    """CloudFormation deletes in the reverse order of DependsOn and of references."""
    template = dev.templates["studio"]
    teardown = template.find_resources("Custom::KempelenDomainTeardown")[EMPTYING]
    domain = next(iter(template.find_resources("AWS::SageMaker::Domain")))
    profile = next(iter(template.find_resources("AWS::SageMaker::UserProfile")))
    assert {domain, profile} <= set(teardown["DependsOn"])
    assert teardown["Properties"]["DomainId"] == {"Fn::GetAtt": [domain, "DomainId"]}


def test_a_safeguard_is_there_before_any_profile_so_that_a_failed_creation_leaves_no_file_system(
    synthesized: Callable[[str], Synthesized],
) -> None:
    for variant in OWN_DOMAIN:
        template = synthesized(variant).templates["studio"]
        resources = template.to_json()["Resources"]
        (domain,) = template.find_resources("AWS::SageMaker::Domain")
        profiles = template.find_resources("AWS::SageMaker::UserProfile")
        assert domain in resources[SAFEGUARD]["DependsOn"]
        assert all(SAFEGUARD in profile["DependsOn"] for profile in profiles.values())
        assert not set(profiles) & set(resources[SAFEGUARD]["DependsOn"])


def test_between_domain_and_safeguard_comes_the_permission_to_delete_it_and_nothing_else(
    synthesized: Callable[[str], Synthesized],
) -> None:
    """Whatever fails there makes CloudFormation delete the domain by itself, without its files."""
    for variant in OWN_DOMAIN:
        template = synthesized(variant).templates["studio"]
        resources = template.to_json()["Resources"]
        (domain,) = template.find_resources("AWS::SageMaker::Domain")
        before, safe = needed_by(resources, domain), needed_by(resources, SAFEGUARD)
        between = safe - before - {domain}
        assert {resources[name]["Type"] for name in between} == {"AWS::IAM::Policy"}, variant
        assert len(between) == 1, variant
        neither = set(resources) - safe - {SAFEGUARD}
        later = {name for name in neither if domain in needed_by(resources, name)}
        assert all(SAFEGUARD in needed_by(resources, name) for name in later), variant
        assert any(name.startswith("ExecutionDomainPolicy") for name in later), variant


def needed_by(resources: dict[str, Any], name: str) -> set[str]:
    """What must be there before a resource, by DependsOn and by what its properties name."""
    found: set[str] = set()
    waiting = [name]
    while waiting:
        made = resources[waiting.pop()]
        words = set(re.findall(r'"(\w+)"', json.dumps([made.get("DependsOn", []), made.get("Properties", {})])))
        new = (words & set(resources)) - found
        found |= new
        waiting += new
    return found


def test_teardown_gives_its_own_answer_before_cloudformation_stops_waiting(dev: Synthesized) -> None:
    emptying = dev.templates["studio"].find_resources("Custom::KempelenDomainTeardown").values()
    (timeout,) = {int(resource["Properties"]["ServiceTimeout"]) for resource in emptying}
    assert timeout <= 3600
    functions = dev.resources("studio", "AWS::Lambda::Function").values()
    own = [function for function in functions if "teardown_resource" in str(function["Handler"])]
    assert len(own) == 2
    for function in own:
        assert int(function["Environment"]["Variables"]["TEARDOWN_SECONDS"]) < timeout


def test_teardown_functions_are_outside_the_network_that_they_free(dev: Synthesized) -> None:
    functions = dev.resources("studio", "AWS::Lambda::Function").values()
    assert not [function for function in functions if "VpcConfig" in function]


def test_teardown_removes_files_of_this_domain_and_groups_of_this_network_alone(dev: Synthesized) -> None:
    statements = policies_of(dev, "studio", "Functionsteardownresourceonevent")
    files = allowing(statements, "elasticfilesystem:DeleteFileSystem")["Condition"]["StringEquals"]
    assert "Domain" in json.dumps(files["aws:ResourceTag/ManagedByAmazonSageMakerResource"])
    groups = allowing(statements, "ec2:DeleteSecurityGroup")["Condition"]["ArnEquals"]["ec2:Vpc"]
    assert "Vpc" in json.dumps(groups)


def test_the_logical_ids_of_the_teardown_never_change(synthesized: Callable[[str], Synthesized]) -> None:
    """CloudFormation would make the new one and delete the old one, which deletes the living domain.

    See docs/decisions/teardown-deletes-the-domain.md before you change the expectation.
    """
    for variant in OWN_DOMAIN:
        resources = synthesized(variant).templates["studio"].find_resources("Custom::KempelenDomainTeardown")
        assert set(resources) == {EMPTYING, SAFEGUARD}, variant


STEPS = ("Functionsteardownresourceonevent", "Functionsteardownresourceiscomplete")
LOG_GROUP = "log-group:/aws/sagemaker/ProcessingJobs"


@pytest.mark.parametrize("role", STEPS)
def test_teardown_deletes_streams_of_this_stages_jobs_and_one_log_group(dev: Synthesized, role: str) -> None:
    statements = policies_of(dev, "studio", role)
    streams = json.dumps(allowing(statements, "logs:DeleteLogStream")["Resource"])
    assert f"{LOG_GROUP}:log-stream:kempelen-dev-*" in streams
    group = json.dumps(allowing(statements, "logs:DeleteLogGroup")["Resource"])
    assert f'{LOG_GROUP}:*"' in group
    assert "logs:DescribeLogGroups" in actions_of([one for one in statements if one["Resource"] == "*"])


@pytest.mark.parametrize("part", ["studio", "workflow"])
def test_the_logs_of_jobs_are_kept_with_the_data_and_then_may_not_be_deleted(
    dev: Synthesized, guarded: Synthesized, part: str
) -> None:
    for variant, keep in ((dev, "false"), (guarded, "true")):
        functions = [
            function
            for function in variant.resources(part, "AWS::Lambda::Function").values()
            if "teardown" in str(function["Handler"])
        ]
        assert functions
        assert {function["Environment"]["Variables"]["RETAIN"] for function in functions} == {keep}
        actions = {action for _, statement in all_statements(variant) for action in listed(statement["Action"])}
        assert ("logs:DeleteLogStream" in actions) == (keep == "false")


def test_outputs_name_domain_profile_and_role(dev: Synthesized) -> None:
    assert dev.outputs("studio") == {"DomainId", "UserProfileName", "ExecutionRoleArn"}


def test_people_may_attach_volumes_under_the_own_key_and_grant_nothing_else(guarded: Synthesized) -> None:
    grant = allowing(policies_of(guarded, "studio", "ExecutionRole"), "kms:CreateGrant")
    assert grant["Condition"] == {"Bool": {"kms:GrantIsForAWSResource": "true"}}


def test_the_execution_role_lets_sagemaker_say_who_works(dev: Synthesized) -> None:
    domain = dev.only("studio", "AWS::SageMaker::Domain")
    assert domain["DomainSettings"]["ExecutionRoleIdentityConfig"] == "USER_PROFILE_NAME"
    roles = dev.templates["studio"].find_resources("AWS::IAM::Role").items()
    (trust,) = (
        role["Properties"]["AssumeRolePolicyDocument"] for name, role in roles if name.startswith("ExecutionRole")
    )
    assert {"sts:AssumeRole", "sts:SetSourceIdentity"} <= actions_of(trust["Statement"])


def test_a_mount_targets_interface_may_be_deleted_in_our_vpc_only(dev: Synthesized) -> None:
    statements = [one for _, one in all_statements(dev) if "ec2:DeleteNetworkInterface" in listed(one["Action"])]
    scoped = [one for one in statements if "ec2:Vpc" in json.dumps(one.get("Condition", {}))]
    assert len(scoped) >= 2  # of the state machine's function and of the custom resource's
