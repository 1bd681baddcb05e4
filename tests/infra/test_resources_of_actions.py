"""What the local cloud says that IAM is asked: actions that AWS knows, on resources that they take."""

from __future__ import annotations

import re

import pytest

from localcloud.iam.gate.table import ACTIONS, ARNS, TABLE, by_operation
from tests.infra.service_authorization import Action, actions


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
