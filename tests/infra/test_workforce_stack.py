from __future__ import annotations

import json
from collections.abc import Callable

from tests.infra.policies import actions_of, allowing, policies_of
from tests.infra.variants import NOBODY_YET, Synthesized


def test_only_an_administrator_adds_workers(dev: Synthesized) -> None:
    pool = dev.only("workforce", "AWS::Cognito::UserPool")
    assert pool["AdminCreateUserConfig"]["AllowAdminCreateUserOnly"] is True


def test_passwords_are_long(dev: Synthesized) -> None:
    policy = dev.only("workforce", "AWS::Cognito::UserPool")["Policies"]["PasswordPolicy"]
    assert policy["MinimumLength"] == 14
    assert all(policy[f"Require{kind}"] for kind in ("Lowercase", "Uppercase", "Numbers", "Symbols"))


def test_the_second_factor_is_a_setting(dev: Synthesized, guarded: Synthesized) -> None:
    assert dev.only("workforce", "AWS::Cognito::UserPool")["MfaConfiguration"] == "OPTIONAL"
    assert guarded.only("workforce", "AWS::Cognito::UserPool")["MfaConfiguration"] == "ON"


def test_the_portal_signs_in_by_the_code_flow_with_a_secret(dev: Synthesized) -> None:
    client = dev.only("workforce", "AWS::Cognito::UserPoolClient")
    assert client["GenerateSecret"] is True
    assert client["AllowedOAuthFlows"] == ["code"]
    assert client["SupportedIdentityProviders"] == ["COGNITO"]


def test_no_flow_sends_a_password_from_the_internet(dev: Synthesized) -> None:
    flows = set(dev.only("workforce", "AWS::Cognito::UserPoolClient")["ExplicitAuthFlows"])
    assert flows == {"ALLOW_REFRESH_TOKEN_AUTH"}


def test_each_worker_of_the_settings_is_invited_into_the_group(dev: Synthesized) -> None:
    users = dev.resources("workforce", "AWS::Cognito::UserPoolUser")
    assert {user["Username"] for user in users.values()} == set(dev.settings.workforce.workers)
    memberships = dev.resources("workforce", "AWS::Cognito::UserPoolUserToGroupAttachment").values()
    assert {membership["Username"]["Ref"] for membership in memberships} == set(users)


def test_people_sign_in_by_e_mail_address_as_their_user_name(dev: Synthesized) -> None:
    """An alias would not do: "Username cannot be of email format, since user pool is configured for email alias"."""
    pool = dev.only("workforce", "AWS::Cognito::UserPool")
    assert pool["UsernameAttributes"] == ["email"]
    assert "AliasAttributes" not in pool


def test_people_are_invited_by_the_workforce_when_it_has_a_portal(dev: Synthesized) -> None:
    users = dev.resources("workforce", "AWS::Cognito::UserPoolUser").values()
    assert {user["MessageAction"] for user in users} == {"SUPPRESS"}
    (workforce,) = dev.templates["workforce"].find_resources("Custom::KempelenWorkforce").values()
    assert workforce["Properties"]["Workers"] == list(dev.settings.workforce.workers)
    pool = dev.only("workforce", "AWS::Cognito::UserPool")
    assert "invitation" in json.dumps(pool["LambdaConfig"]["CustomMessage"])
    assert "PortalAddress" in dev.outputs("workforce")


def test_sagemaker_may_set_the_pool_up_through_the_function(dev: Synthesized) -> None:
    statements = policies_of(dev, "workforce", "Functionsworkforceresource")
    allowed = allowing(statements, "cognito-idp:UpdateUserPool")
    assert {"cognito-idp:DescribeUserPool", "cognito-idp:UpdateUserPoolClient"} <= actions_of([allowed])
    assert "*" not in json.dumps(allowed["Resource"])


def test_the_workteam_is_the_group_in_the_accounts_workforce(dev: Synthesized) -> None:
    team = dev.only("workforce", "AWS::SageMaker::Workteam")
    assert team["Description"]
    assert team["WorkforceName"]["Fn::GetAtt"][1] == "WorkforceName"
    (member,) = team["MemberDefinitions"]
    definition = member["CognitoMemberDefinition"]
    group = next(iter(dev.templates["workforce"].find_resources("AWS::Cognito::UserPoolGroup")))
    assert definition["CognitoUserGroup"] == {"Ref": group}
    assert "NotificationTopicArn" in team["NotificationConfiguration"]


def test_the_workforce_waits_for_the_pools_domain(dev: Synthesized) -> None:
    (workforce,) = dev.templates["workforce"].find_resources("Custom::KempelenWorkforce").values()
    domain = next(iter(dev.templates["workforce"].find_resources("AWS::Cognito::UserPoolDomain")))
    assert domain in workforce["DependsOn"]


def test_the_workforce_sets_the_portals_address_again_when_the_client_changes(dev: Synthesized) -> None:
    (workforce,) = dev.templates["workforce"].find_resources("Custom::KempelenWorkforce").values()
    client = dev.only("workforce", "AWS::Cognito::UserPoolClient")
    for setting in ("AllowedOAuthFlows", "AllowedOAuthScopes", "ExplicitAuthFlows", "CallbackURLs"):
        assert json.dumps(client[setting]) in workforce["Properties"]["ClientSettings"]


def test_source_addresses_are_a_setting(dev: Synthesized, guarded: Synthesized) -> None:
    for variant, ranges in ((dev, []), (guarded, ["203.0.113.0/24"])):
        (workforce,) = variant.templates["workforce"].find_resources("Custom::KempelenWorkforce").values()
        assert workforce["Properties"].get("SourceIps", []) == ranges


def test_only_the_workforce_of_our_name_can_be_changed(dev: Synthesized) -> None:
    statements = policies_of(dev, "workforce", "Functionsworkforceresource")
    changes = allowing(statements, "sagemaker:DeleteWorkforce")
    assert "workforce/kempelen-dev" in json.dumps(changes["Resource"])
    assert "*" not in json.dumps(changes["Resource"])
    assert {"sagemaker:CreateWorkforce", "sagemaker:UpdateWorkforce"} <= actions_of([changes])


def test_ground_truth_may_tell_workers_of_new_tasks_over_tls_alone(dev: Synthesized) -> None:
    statements = dev.only("workforce", "AWS::SNS::TopicPolicy")["PolicyDocument"]["Statement"]
    publish = next(statement for statement in statements if statement["Effect"] == "Allow")
    assert publish["Principal"] == {"Service": "sagemaker.amazonaws.com"}
    assert "aws:SourceAccount" in json.dumps(publish["Condition"])
    assert any(statement["Effect"] == "Deny" for statement in statements)


def test_outputs_name_team_pool_and_client(dev: Synthesized) -> None:
    assert dev.outputs("workforce") == {
        "PortalAddress",
        "UserPoolClientId",
        "UserPoolId",
        "WorkteamArn",
        "WorkteamName",
    }


def test_a_stage_without_workers_can_be_deployed_and_says_how_to_add_them(
    dev: Synthesized, synthesized: Callable[[str], Synthesized]
) -> None:
    empty = synthesized(NOBODY_YET)
    assert empty.resources("workforce", "AWS::Cognito::UserPoolUser") == {}
    assert empty.resources("workforce", "AWS::SageMaker::Workteam")
    assert empty.outputs("workforce") - dev.outputs("workforce") == {"HowToAddWorkers"}
    said = empty.templates["workforce"].find_outputs("HowToAddWorkers")["HowToAddWorkers"]["Value"]
    assert "workforce.workers of config/dev.toml" in said


def test_people_and_their_pool_are_deleted_after_the_workforce_that_needs_them(dev: Synthesized) -> None:
    """Its deletion fails while others use it; CloudFormation deletes in the reverse order of DependsOn."""
    template = dev.templates["workforce"]
    (workforce,) = template.find_resources("Custom::KempelenWorkforce").values()
    for kind in ("UserPoolUserToGroupAttachment", "UserPoolDomain"):
        assert set(template.find_resources(f"AWS::Cognito::{kind}")) <= set(workforce["DependsOn"])
    for kind in ("UserPool", "UserPoolClient"):
        (identity,) = template.find_resources(f"AWS::Cognito::{kind}")
        assert identity in str(workforce["Properties"])
