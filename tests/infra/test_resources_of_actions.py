"""What the local cloud says that IAM is asked: actions that AWS knows, on resources that they take."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from localcloud.iam.gate.table import ACTIONS, ARNS, TABLE, by_operation
from scripts.iam_proof.recording import kept
from tests.infra.service_authorization import Action, actions

KEPT = Path(__file__).with_name("iam")
# What AWS asks for and its reference does not know: see test_service_authorization.py. ListTags is of all with tags.
BEYOND = {
    ("sagemaker:AddTags", "workforce/"),
    ("sagemaker:ListTags", "workforce/"),
    ("states:SendTaskFailure", ":stateMachine:"),
    ("states:SendTaskSuccess", ":stateMachine:"),
}
# AWS's own policy for spaces has it: docs/first-real-deploy.md has the doubt.
BEYOND_KEYS = {"sagemaker:UserProfileName"}


def one(service: str, operation: str) -> Action:
    (found,) = list(actions(f"{service}:{ACTIONS.get((service, operation), operation)}"))
    return found


@pytest.mark.parametrize(("place", "form"), by_operation(TABLE).items(), ids=lambda value: str(value))
def test_an_action_takes_the_resource_of_the_table(place: tuple[str, str], form: str) -> None:
    arn = f"arn:aws:{place[0]}:us-east-1:123456789012:" + re.sub(r"\{[^}]*\}", "any", form)
    assert one(*place).takes(arn), (arn, one(*place).arns)


@pytest.mark.parametrize("place", by_operation(ARNS), ids=lambda value: str(value))
def test_an_action_whose_parameter_is_the_arn_takes_one(place: tuple[str, str]) -> None:
    assert one(*place).arns


@pytest.mark.parametrize("file", sorted(KEPT.glob("*.jsonl.gz")), ids=lambda file: file.name)
def test_what_is_recorded_can_be_asked_for(file: Path) -> None:
    """Each action is one that AWS knows, on a resource that it takes, and with condition keys that it has."""
    wrong = set()
    for request in kept(file):
        (found,) = list(actions(request.action))
        for on in request.resources:
            fits = not found.needs_one if on == "*" else found.takes(on)
            if not fits and not any(request.action == action and end in on for action, end in BEYOND):
                wrong.add((request.action, on))
        wrong |= {(request.action, key) for key in request.context.keys() - BEYOND_KEYS if not found.knows(key)}
    assert wrong == set()
