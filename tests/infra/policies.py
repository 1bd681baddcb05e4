"""Reading the policies of a template."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.infra.variants import Synthesized


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def policies_of(variant: Synthesized, part: str, role: str) -> list[dict[str, Any]]:
    """The statements of all policies that hang on the roles whose logical id starts so."""
    statements: list[dict[str, Any]] = []
    for policy in variant.resources(part, "AWS::IAM::Policy").values():
        if any(str(attached["Ref"]).startswith(role) for attached in policy["Roles"]):
            statements += listed(policy["PolicyDocument"]["Statement"])
    return statements


def actions_of(statements: list[dict[str, Any]]) -> set[str]:
    return {action for statement in statements for action in listed(statement["Action"])}


def allowing(statements: list[dict[str, Any]], action: str) -> dict[str, Any]:
    """The one statement that allows the action."""
    (found,) = (statement for statement in statements if action in listed(statement["Action"]))
    return found


def all_statements(variant: Synthesized) -> Iterator[tuple[str, dict[str, Any]]]:
    for part in variant.templates:
        for identity, policy in variant.resources(part, "AWS::IAM::Policy").items():
            for statement in listed(policy["PolicyDocument"]["Statement"]):
                yield f"{part}/{identity}", statement
