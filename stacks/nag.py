"""Acknowledging a security finding beside the construct that causes it, always with the reason."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, cast

from aws_cdk import Acknowledgment, Reference, Stack, Token, Tokenization, Validations
from constructs import IConstruct

_PACK = "AwsSolutions"
_VARIABLE = re.compile(r"\$\{([^}]+)\}")
"""Of a policy, as cdk-nag writes it among the parts of a name: `<sagemaker:UserProfileName>`."""


def acknowledge(construct: IConstruct, rule: str, reason: str, *, findings: Iterable[str] = ()) -> None:
    """Of the rules that report several findings a resource (IAM4, IAM5), each is acknowledged on its own."""
    rules = [f"{_PACK}-{rule}[{finding}]" for finding in findings] or [f"{_PACK}-{rule}"]
    acknowledgments = [Acknowledgment(id=f"{_PACK}::{identity}", reason=reason) for identity in rules]
    Validations.of(construct).acknowledge(*acknowledgments)


def resource_finding(scope: IConstruct, resource: str) -> str:
    """The finding that cdk-nag will report of this resource in a policy: `Resource::<Function.Arn>:*`."""
    return f"Resource::{_flat(Stack.of(scope).resolve(_imported(scope, resource)))}"


def _imported(scope: IConstruct, text: str) -> str:
    """The text as it will read in the scope's template: what another stack owns is imported by its export's name."""
    if not Token.is_unresolved(text):
        return text
    here = Stack.of(scope).node.path
    for token in Tokenization.reverse_string(text).tokens:
        owner = Stack.of(cast(Reference, token).target) if Reference.is_reference(token) else None
        if owner and owner.node.path != here:
            text = text.replace(Token.as_string(token), owner.export_value(token))
    return text


def _flat(resolved: Any) -> str:
    match resolved:
        case {"Fn::Join": [delimiter, parts]}:
            return str(delimiter).join(map(_flat, parts))
        case {"Fn::GetAtt": [resource, attribute]}:
            return f"<{resource}.{attribute}>"
        case {"Fn::ImportValue": export}:
            return _flat(export)
        case {"Ref": name}:
            return f"<{name}>"
        case _:
            return _VARIABLE.sub(r"<\1>", str(resolved))
