"""A stage with Ground Truth beside the portal: one pool of people, and no resource that an account may refuse."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from labelers.ground_truth.built_in_functions import ACCOUNTS
from stacks.regions import check_region
from tests.infra.grants import Grant, grants
from tests.infra.variants import BY_ITSELF, BY_ITSELF_GUARDED, VENDORS, Synthesized, settings_of


@pytest.fixture(scope="module")
def stage(synthesized: Callable[[str], Synthesized]) -> Synthesized:
    return synthesized(BY_ITSELF)


@pytest.fixture(scope="module")
def vendors(synthesized: Callable[[str], Synthesized]) -> Synthesized:
    return synthesized(BY_ITSELF_GUARDED)


def variables(stage: Synthesized, function: str) -> dict[str, Any]:
    functions = stage.resources("workflow", "AWS::Lambda::Function")
    (found,) = [values for name, values in functions.items() if name.startswith(f"Functions{function}Function")]
    return dict(found["Environment"]["Variables"])


def test_the_people_are_the_same(stage: Synthesized) -> None:
    assert stage.resources("workforce", "AWS::Cognito::UserPool") == {}
    pool = stage.only("workforce", "AWS::Cognito::UserPoolClient")["UserPoolId"]
    (workforce,) = stage.resources("workforce", "Custom::KempelenWorkforce").values()
    assert workforce["UserPoolId"] == pool
    assert "kempelen-dev-portal" in json.dumps(pool)
    groups = {group["GroupName"] for group in stage.resources("portal", "AWS::Cognito::UserPoolGroup").values()}
    assert groups == {workforce["Workteam"]["Group"], "reviewers"}


def test_people_are_invited_once_when_both_portals_are_there(stage: Synthesized, vendors: Synthesized) -> None:
    (workforce,) = stage.resources("workforce", "Custom::KempelenWorkforce").values()
    assert workforce["Workers"] == list(stage.settings.workforce.workers)
    assert stage.resources("portal", "Custom::KempelenInvitations") == {}
    assert vendors.resources("portal", "Custom::KempelenInvitations")


def test_an_account_that_refuses_a_workforce_can_deploy_all_of_it(stage: Synthesized) -> None:
    """What CloudFormation makes by itself, it cannot leave out."""
    kinds = {resource["Type"] for resource in stage.templates["workforce"].to_json()["Resources"].values()}
    assert not [kind for kind in kinds if kind.startswith("AWS::SageMaker::")]
    assert stage.outputs("workforce") == {"GroundTruthPortal", "WorkteamArn"}


def test_both_ends_of_a_job_are_heard(stage: Synthesized) -> None:
    sources = [rule["EventPattern"]["source"] for rule in stage.resources("workflow", "AWS::Events::Rule").values()]
    # Of stopped executions the function hears, and the topic.
    assert sorted(sources) == [["aws.sagemaker"], ["aws.states"], ["aws.states"], ["kempelen.portal"]]


def test_functions_know_the_backends_in_the_order_of_the_choice(stage: Synthesized, vendors: Synthesized) -> None:
    assert variables(stage, "preflight")["LABELERS"] == "ground_truth,portal"
    assert variables(vendors, "preflight")["LABELERS"] == "ground_truth,portal,label_studio"
    assert variables(vendors, "startlabeling")["WORKTEAM_ARN"] == VENDORS


def test_a_vendors_workteam_is_looked_up_as_such(stage: Synthesized, vendors: Synthesized) -> None:
    def looks(at: Synthesized) -> list[Grant]:
        return [grant for grant in grants(at) if grant.action.endswith("Workteam") and "preflight" in grant.role]

    assert [grant.action for grant in looks(vendors)] == ["sagemaker:DescribeSubscribedWorkteam"]
    assert [grant.action for grant in looks(stage)] == ["sagemaker:DescribeWorkteam"]
    assert "workforce" not in vendors.templates


def test_a_region_without_ground_truth_has_the_portal() -> None:
    check_region("us-west-1", settings_of(BY_ITSELF), ACCOUNTS)
