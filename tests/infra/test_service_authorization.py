"""Policies and AWS's Service Authorization Reference: what is granted can be asked for, in the way that is granted."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from localcloud.iam.policies import Statement
from scripts.iam_proof.physical import invented
from scripts.iam_proof.recording import ACCOUNT, REGION, templates_of
from scripts.iam_proof.stage import Stage, stage
from tests.infra.service_authorization import Action, actions, overlap
from tests.infra.variants import BY_ITSELF_GUARDED, IAM_PUBLIC, SSO_PRIVATE

# Actions on `*` although they know resources, by whose role, and why none is named.
EVERYWHERE = {
    # "AWS advises against scoping these", stacks/constructs/studio/execution_role.py.
    ("ExecutionRole", "ec2:CreateNetworkInterface"),
    ("ExecutionRole", "ec2:CreateNetworkInterfacePermission"),
    ("ExecutionRole", "ec2:DeleteNetworkInterface"),
    # Of a file system that is gone: its tag, by which the rest is limited, is gone too.
    ("Functionsteardown", "elasticfilesystem:DescribeMountTargets"),
    # Whichever file system holds a subnet of the network that is to go.
    ("FunctionsnetworktenantsRole", "elasticfilesystem:DescribeMountTargets"),
    # CDK's provider framework writes this policy.
    ("waiterstatemachineRole", "logs:CreateLogStream"),
    ("waiterstatemachineRole", "logs:PutLogEvents"),
}
# What AWS asks for and its reference does not know.
BEYOND = {
    # Measured on AWS: https://github.com/aws/aws-cdk/pull/8486; AWS's own refusal names the machine:
    # https://github.com/NOAA-OWP/hydrovis/issues/837.
    ("states:SendTaskSuccess", "stateMachine:kempelen-dev-label"),
    # As that one, for SendTaskFailure, by which a state machine fails: docs/first-real-deploy.md has the doubt.
    *(
        ("states:SendTaskFailure", f"stateMachine:kempelen-dev-{machine}")
        for machine in ("assist", "augment", "label", "pipeline", "teardown")
    ),
    # CreateWorkforce with tags depends on it, says the same reference; docs/first-real-deploy.md has the doubt.
    ("sagemaker:AddTags", "workforce/kempelen-dev"),
}


@pytest.fixture(scope="module", params=[IAM_PUBLIC, SSO_PRIVATE, BY_ITSELF_GUARDED])
def made(request, synthesized) -> Stage:
    templates = templates_of(synthesized(request.param).folder)
    return stage(templates, invented(ACCOUNT, REGION, templates))


def granted(made: Stage) -> Iterator[Statement]:
    for policies in made.policies.identities.values():
        for policy in policies:
            yield from policy.statements


def known(pattern: str) -> list[Action]:
    return list(actions(pattern))


def test_every_action_is_one_that_aws_knows(made) -> None:
    assert {action for one in granted(made) for action in one.actions if not known(action)} == set()


def test_every_action_can_be_asked_for_on_a_resource_that_it_is_granted_on(made) -> None:
    """Also the other way: no resource stands there for nothing."""
    found = set()
    for one in granted(made):
        named = [resource for resource in one.resources if resource != "*"]
        pairs = [(action, resource) for action in one.actions for resource in named if taken(action, resource)]
        actions_taken, resources_taken = {pair[0] for pair in pairs}, {pair[1] for pair in pairs}
        found |= {(action, end(*named)) for action in one.actions if named and action not in actions_taken}
        found |= {(" ".join(one.actions), end(left)) for left in named if left not in resources_taken}
    assert found == set()


def taken(action: str, resource: str) -> bool:
    return (action, end(resource)) in BEYOND or any(one.takes(resource) for one in known(action))


def end(*arns: str) -> str:
    return " ".join(arn.split(":", 5)[-1] for arn in arns)


def test_an_action_on_everything_knows_no_resource_or_is_listed(made) -> None:
    wide = {
        (made.whose[one.policy], action)
        for one in granted(made)
        if "*" in one.resources and not one.policy.endswith("/AWSLambdaBasicExecutionRole")
        for action in one.actions
        if any(each.needs_one for each in known(action))
    }
    listed = {(who, action): {one for one in wide if who in one[0] and one[1] == action} for who, action in EVERYWHERE}
    assert wide - set().union(*listed.values()) == set()
    assert [entry for entry, found in listed.items() if not found] == []


def test_a_condition_asks_for_a_key_that_the_action_sets(made) -> None:
    """Otherwise it never holds, or always."""
    unknown = {
        f"{action}: {condition.key}"
        for one in granted(made)
        for condition in one.conditions
        for action in one.actions
        if not all(a.knows(condition.key) for a in known(action))
    }
    assert unknown == set()


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("abc", "abc", True),
        ("a*", "*c", True),
        ("a*b", "a?c", False),
        ("arn:app/d/*", "arn:app/*/*/*/*", True),
        ("arn:app/d", "arn:app/*/*", False),
        ("", "*", True),
        ("?", "*", True),
        ("a", "", False),
    ],
)
def test_patterns_overlap_where_one_text_is_meant_by_both(one, other, expected) -> None:
    assert overlap(one, other) is expected
    assert overlap(other, one) is expected
