"""Acknowledging a security finding beside the construct that causes it, always with the reason."""

from __future__ import annotations

from collections.abc import Iterable

from aws_cdk import Acknowledgment, Validations
from constructs import IConstruct

PACK = "AwsSolutions"


def acknowledge(construct: IConstruct, rule: str, reason: str, *, findings: Iterable[str] = ()) -> None:
    """Of the rules that report several findings a resource (IAM4, IAM5), each is acknowledged on its own."""
    rules = [f"{PACK}-{rule}[{finding}]" for finding in findings] or [f"{PACK}-{rule}"]
    Validations.of(construct).acknowledge(*(Acknowledgment(id=identity, reason=reason) for identity in rules))
