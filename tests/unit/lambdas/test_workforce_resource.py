from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from domain.errors import AccessDenied
from domain.workforce.model import (
    WorkforceConflict,
    WorkforceInUse,
    WorkforceNotReady,
    created_name,
    foreign_teams,
    same_ips,
)
from lambdas.workforce_resource import handler
from tests.support.fakes.faults import Faults
from tests.support.fakes.lambda_context import Context
from tests.support.fakes.workforce import FakeCognito, FakeWorkforces

PROPERTIES = {"WorkforceName": "kempelen-dev", "UserPoolId": "pool", "ClientId": "client", "SourceIps": []}


class Account:
    """Calls the handler as CloudFormation does, under a fake clock of 300 seconds an invocation."""

    def __init__(self) -> None:
        self.sagemaker = FakeWorkforces()
        self.cognito = FakeCognito()

    def send(
        self, request_type: str, physical_id: str = "", *, before: dict[str, Any] | None = None, **properties: Any
    ) -> dict[str, Any]:
        event = {"RequestType": request_type, "ResourceProperties": {**PROPERTIES, **properties}}
        if before is not None:
            event["OldResourceProperties"] = {**PROPERTIES, **before}
        if physical_id:
            event["PhysicalResourceId"] = physical_id
        end = self.sagemaker.now + 300
        return handler.on_event(event, Context(lambda: int(1000 * (end - self.sagemaker.now))))


@pytest.fixture
def account(monkeypatch: pytest.MonkeyPatch) -> Iterator[Account]:
    made = Account()
    monkeypatch.setenv("STAGE", "dev")
    monkeypatch.setenv("PROJECT_TAG", "kempelen:stage")
    clients = {"sagemaker": made.sagemaker, "cognito-idp": made.cognito}
    monkeypatch.setattr(handler, "client", clients.__getitem__)
    monkeypatch.setattr(handler, "time", SimpleNamespace(sleep=made.sagemaker.sleep))
    return made


def test_a_workforce_is_created_tagged_and_waited_for_where_there_is_none(account: Account) -> None:
    answer = account.send("Create")
    assert answer["PhysicalResourceId"] == "created:kempelen-dev"
    assert answer["Data"]["WorkforceName"] == "kempelen-dev"
    assert answer["Data"]["Adopted"] == "false"
    assert account.sagemaker.workforce["Status"] == "Active"
    assert account.sagemaker.tags == [{"Key": "kempelen:stage", "Value": "dev"}]


def test_the_portal_is_where_people_return_to_and_the_clients_other_settings_stay(account: Account) -> None:
    before = dict(account.cognito.settings)
    account.send("Create")
    portal = "https://abc.labeling.us-east-1.sagemaker.aws"
    expected = {"CallbackURLs": [f"{portal}/oauth2/idpresponse"], "LogoutURLs": [f"{portal}/logout"]}
    assert account.cognito.settings == {**before, **expected}


def test_an_existing_workforce_of_the_same_pool_is_adopted_and_not_changed(account: Account) -> None:
    account.sagemaker.exists("default")
    before = dict(account.sagemaker.workforce)
    answer = account.send("Create", SourceIps=["10.0.0.0/8"])
    assert answer["PhysicalResourceId"] == "adopted:default"
    assert answer["Data"]["WorkforceName"] == "default"
    assert answer["Data"]["Adopted"] == "true"
    assert account.sagemaker.workforce == before
    assert account.cognito.settings["CallbackURLs"] == ["https://localhost/oauth2/idpresponse"]


def test_a_workforce_of_another_pool_is_refused_with_the_pools_name_and_what_to_do(account: Account) -> None:
    account.sagemaker.exists("default", pool="us-east-1_Other", client="theirs")
    with pytest.raises(WorkforceConflict, match="'default', uses Cognito user pool us-east-1_Other with client theirs"):
        account.send("Create")
    assert account.sagemaker.workforce["WorkforceName"] == "default"


def test_a_workforce_of_an_oidc_provider_is_refused(account: Account) -> None:
    account.sagemaker.exists("default")
    account.sagemaker.workforce.pop("CognitoConfig")
    with pytest.raises(WorkforceConflict, match="OpenID Connect"):
        account.send("Create")


def test_a_created_workforce_is_recognized_when_the_create_is_repeated(account: Account) -> None:
    account.send("Create")
    assert account.send("Create")["PhysicalResourceId"] == "created:kempelen-dev"
    assert account.sagemaker.calls.count("create_workforce") == 1


def test_a_lost_answer_to_the_creation_leaves_one_created_workforce(account: Account) -> None:
    account.sagemaker.faults = Faults(planned={("create_workforce", 1): "response lost"})
    assert account.send("Create")["PhysicalResourceId"] == "created:kempelen-dev"
    assert account.sagemaker.workforce["Status"] == "Active"


def test_a_denied_creation_is_told(account: Account) -> None:
    account.sagemaker.faults = Faults(always=[("create_workforce", (), "denied")])
    with pytest.raises(AccessDenied):
        account.send("Create")


def test_a_workforce_that_fails_to_start_is_told_with_its_reason_and_not_left_behind(account: Account) -> None:
    account.sagemaker.settles_as = "Failed"
    with pytest.raises(WorkforceNotReady, match="is Failed"):
        account.send("Create")
    account.sagemaker.sleep(60)
    account.sagemaker.list_workforces()
    assert account.sagemaker.workforce is None


def test_a_workforce_whose_client_may_not_be_changed_is_not_left_behind(account: Account) -> None:
    account.cognito.denied = True
    with pytest.raises(AccessDenied):
        account.send("Create")
    assert account.sagemaker.workforce["Status"] == "Deleting"


def test_a_workforce_that_never_becomes_active_ends_before_the_functions_time(account: Account) -> None:
    account.sagemaker.delay = 10_000
    with pytest.raises(WorkforceNotReady, match="deploy again"):
        account.send("Create")
    assert account.sagemaker.now < 300


def test_one_that_is_still_being_deleted_is_waited_for_and_made_anew(account: Account) -> None:
    account.sagemaker.exists("kempelen-dev", stage="dev")
    account.sagemaker.delete_workforce(WorkforceName="kempelen-dev")
    assert account.send("Create")["PhysicalResourceId"] == "created:kempelen-dev"
    assert account.sagemaker.workforce["Status"] == "Active"


def test_an_update_changes_the_allowed_addresses_of_a_created_workforce(account: Account) -> None:
    identity = account.send("Create")["PhysicalResourceId"]
    assert account.send("Update", identity, SourceIps=["10.0.0.0/8"])["PhysicalResourceId"] == identity
    assert account.sagemaker.workforce["SourceIpConfig"] == {"Cidrs": ["10.0.0.0/8"]}
    account.send("Update", identity)
    assert account.sagemaker.workforce["SourceIpConfig"] == {"Cidrs": ["0.0.0.0/0", "::/0"]}
    calls = account.sagemaker.calls.count("update_workforce")
    account.send("Update", identity)
    assert account.sagemaker.calls.count("update_workforce") == calls


def test_what_was_created_is_deleted_and_waited_for(account: Account) -> None:
    identity = account.send("Create")["PhysicalResourceId"]
    assert account.send("Delete", identity) == {"PhysicalResourceId": identity}
    assert account.sagemaker.workforce is None


def test_an_adopted_workforce_is_never_deleted_and_keeps_the_pool_that_it_needs(account: Account) -> None:
    """After a success CloudFormation would delete the pool, and no other workforce could be made beside this one."""
    account.sagemaker.exists("default")
    identity = account.send("Create")["PhysicalResourceId"]
    with pytest.raises(WorkforceInUse, match=r"'default' was not created by this stack.*--workforce-name default"):
        account.send("Delete", identity)
    assert account.sagemaker.workforce["Status"] == "Active"
    assert "delete_workforce" not in account.sagemaker.calls


def test_an_adopted_workforce_that_its_owner_has_deleted_keeps_nothing(account: Account) -> None:
    account.sagemaker.exists("default")
    identity = account.send("Create")["PhysicalResourceId"]
    account.sagemaker.delete_workforce(WorkforceName="default")
    assert account.send("Delete", identity) == {"PhysicalResourceId": identity}


def test_a_created_workforce_and_the_pool_stay_while_foreign_workteams_use_them(account: Account) -> None:
    identity = account.send("Create")["PhysicalResourceId"]
    account.sagemaker.teams = ["their-team", "kempelen-dev-workers"]
    with pytest.raises(WorkforceInUse, match=r"not ours use it: their-team\. .*cdk destroy"):
        account.send("Delete", identity)
    assert account.sagemaker.workforce["Status"] == "Active"
    assert "delete_workforce" not in account.sagemaker.calls


def test_a_workteam_of_our_own_that_stays_is_told_by_name(account: Account) -> None:
    identity = account.send("Create")["PhysicalResourceId"]
    account.sagemaker.teams = ["kempelen-dev-workers"]
    with pytest.raises(WorkforceNotReady, match="kempelen-dev-workers"):
        account.send("Delete", identity)


def test_another_workforce_that_took_the_place_is_not_deleted(account: Account) -> None:
    account.sagemaker.exists("kempelen-dev", pool="theirs", stage="prod")
    account.send("Delete", "created:kempelen-dev")
    assert account.sagemaker.workforce is not None
    account.sagemaker.exists("default", pool="theirs", stage="dev")
    account.send("Delete", "created:kempelen-dev")
    assert account.sagemaker.workforce is not None


@pytest.mark.parametrize("identity", ["", "created:", "adopted:default", "CREATE_FAILED", "created"])
def test_an_id_that_does_not_say_created_deletes_nothing(account: Account, identity: str) -> None:
    assert created_name(identity) is None
    account.sagemaker.exists("default", pool="theirs", stage="dev")
    if identity:
        account.send("Delete", identity)
    assert "delete_workforce" not in account.sagemaker.calls


@pytest.mark.parametrize("kind", ["throttled", "server error", "response lost", "in use"])
def test_a_passing_fault_of_the_deletion_is_outlasted(account: Account, kind: str) -> None:
    identity = account.send("Create")["PhysicalResourceId"]
    account.sagemaker.faults = Faults(planned={("delete_workforce", 1): kind})
    account.send("Delete", identity)
    assert account.sagemaker.workforce is None


def test_no_restriction_equals_from_everywhere() -> None:
    assert same_ips([], ["0.0.0.0/0", "::/0"])
    assert not same_ips(["10.0.0.0/8"], [])


def test_workteams_of_other_stages_are_foreign() -> None:
    assert foreign_teams(["kempelen-dev-workers", "kempelen-dev2-workers", "x"], "dev") == [
        "kempelen-dev2-workers",
        "x",
    ]


def test_people_are_invited_once_there_is_a_portal_and_later_only_those_who_are_new(account: Account) -> None:
    made = account.send("Create", Workers=["ada@example.com", "bo@example.com"])
    assert account.cognito.invited == ["ada@example.com", "bo@example.com"]
    before = {"Workers": ["ada@example.com", "bo@example.com"]}
    account.send("Update", made["PhysicalResourceId"], before=before, Workers=["bo@example.com", "cy@example.com"])
    assert account.cognito.invited == ["ada@example.com", "bo@example.com", "cy@example.com"]


def test_who_cannot_be_invited_today_holds_up_nobody(account: Account) -> None:
    account.cognito.invitations_left = 1
    made = account.send("Create", Workers=["ada@example.com", "bo@example.com", "cy@example.com"])
    assert made["Data"]["PortalDomain"]
    assert account.cognito.invited == ["ada@example.com"]


def test_a_workforce_is_known_as_ours_though_aws_keeps_no_tags_of_it(account: Account) -> None:
    account.sagemaker.takes_no_tags = True
    made = account.send("Create")
    assert made["PhysicalResourceId"] == "created:kempelen-dev"
    assert account.send("Update", "created:kempelen-dev")["PhysicalResourceId"] == "created:kempelen-dev"
    account.send("Delete", "created:kempelen-dev")
    assert account.sagemaker.workforce is None


TEAM = {
    "Name": "kempelen-dev-workers",
    "Group": "workers",
    "TopicArn": "arn:aws:sns:us-east-1:1:topic",
    "Description": "x",
}
REFUSALS = [("list_workforces", "denied"), ("create_workforce", "denied"), ("create_workteam", "refused")]


def test_a_team_is_made_with_the_workforce_and_changed_when_it_is_there(account: Account) -> None:
    made = account.send("Create", Workteam=TEAM)
    assert made["Data"]["WorkteamArn"].endswith(":workteam/private-crowd/kempelen-dev-workers")
    assert made["Data"]["GroundTruth"] == "https://abc.labeling.us-east-1.sagemaker.aws"
    assert account.sagemaker.teams == ["kempelen-dev-workers"]
    account.send("Update", made["PhysicalResourceId"], Workteam={**TEAM, "Group": "others"})
    (member,) = account.sagemaker.members
    assert member["CognitoMemberDefinition"] == {"UserPool": "pool", "ClientId": "client", "UserGroup": "others"}


def test_the_team_goes_before_its_workforce_as_soon_as_its_jobs_have_ended(account: Account) -> None:
    made = account.send("Create", Workteam=TEAM)
    account.sagemaker.jobs_run_until = account.sagemaker.now + 60
    account.send("Delete", made["PhysicalResourceId"], Workteam=TEAM)
    assert (account.sagemaker.teams, account.sagemaker.workforce) == ([], None)


@pytest.mark.parametrize(("operation", "kind"), REFUSALS)
def test_an_account_that_refuses_has_no_team_and_says_why_and_people_are_invited_all_the_same(
    account: Account, operation: str, kind: str
) -> None:
    account.sagemaker.faults = Faults(always=[(operation, (), kind)])
    made = account.send("Create", Workteam=TEAM, Workers=["ada@example.com"])
    assert made["PhysicalResourceId"] == "refused:kempelen-dev"
    assert made["Data"]["WorkteamArn"] == "refused"
    assert made["Data"]["GroundTruth"].startswith(f"none, for {operation}")
    assert account.cognito.invited == ["ada@example.com"]
    account.sagemaker.sleep(60)
    account.sagemaker.faults = Faults()
    account.sagemaker.list_workforces()
    assert account.sagemaker.workforce is None


def test_an_account_with_a_workforce_of_others_has_no_team_of_ours(account: Account) -> None:
    account.sagemaker.exists("default", pool="theirs")
    made = account.send("Create", Workteam=TEAM)
    assert "set workforce.workteam_arn" in made["Data"]["GroundTruth"]
    account.send("Delete", made["PhysicalResourceId"], Workteam=TEAM)
    assert account.sagemaker.workforce is not None


def test_what_was_refused_is_tried_again_by_the_next_deployment_that_changes_it(account: Account) -> None:
    account.sagemaker.faults = Faults(always=[("create_workforce", (), "denied")])
    refused = account.send("Create", Workteam=TEAM)["PhysicalResourceId"]
    account.sagemaker.faults = Faults()
    made = account.send("Update", refused, before={}, Workteam=TEAM)
    assert made["PhysicalResourceId"] == "created:kempelen-dev"
    account.send("Delete", refused, Workteam=TEAM)  # as CloudFormation does with the id that was replaced
    assert account.sagemaker.teams == ["kempelen-dev-workers"]


def test_a_workforce_that_was_made_is_not_given_up_for_a_refusal(account: Account) -> None:
    made = account.send("Create", Workteam=TEAM)["PhysicalResourceId"]
    account.sagemaker.faults = Faults(always=[("list_workforces", (), "denied")])
    with pytest.raises(AccessDenied):
        account.send("Update", made, Workteam=TEAM)
