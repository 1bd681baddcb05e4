"""The policies of synthesized roles, flattened to what a person compares: (role, action, resource)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from tests.infra.variants import PARTS, Synthesized

_EXPORTED = re.compile(r"[\w-]+:ExportsOutput(?:FnGetAtt|Ref)(\w+?)[0-9A-F]{8}(?:Arn)?[0-9A-F]*")
_HASHED = re.compile(r"^(\w+?)[0-9A-F]{8}$")
_ARN = re.compile(r"^arn:[^:]+:([\w-]+):[^:]*:(?:AWS::AccountId|[^:]*):")
_ASSET = re.compile(r"[0-9a-f]{64}\.zip")


class Grant(NamedTuple):
    """`role` and `resource` without the hashes of CDK's logical ids; an ARN begins with its service."""

    role: str
    action: str
    resource: str


def grants(made: Synthesized) -> Iterator[Grant]:
    """What every role of the stage's stacks may do by its inline policies."""
    for part in (part for part in PARTS if part in made.templates):
        for name, role in made.resources(part, "AWS::IAM::Role").items():
            for policy in role.get("Policies", []):
                yield from _of(_plain(name), policy["PolicyDocument"])
        for policy in made.resources(part, "AWS::IAM::Policy").values():
            for role in policy["Roles"]:
                yield from _of(_plain(role["Ref"]), policy["PolicyDocument"])


def _of(role: str, document: Mapping[str, Any]) -> Iterator[Grant]:
    for statement in document["Statement"]:
        if statement["Effect"] != "Allow":
            continue
        for action in _listed(statement["Action"]):
            for resource in _listed(statement["Resource"]):
                yield Grant(role, action, _short(_text(resource)))


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _plain(name: str) -> str:
    found = _HASHED.match(name)
    return found[1] if found else name


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    ((kind, given),) = value.items()
    if kind == "Fn::Join":
        return str(given[0].join(map(_text, given[1])))
    if kind == "Fn::GetAtt":
        return _plain(given[0])
    if kind == "Fn::ImportValue":
        found = _EXPORTED.fullmatch(given)
        return found[1] if found else str(given)
    if kind == "Ref":
        return given if given.startswith("AWS::") else _plain(given)
    return str(given)  # Fn::Sub


def _short(resource: str) -> str:
    return _ASSET.sub("<asset>.zip", _ARN.sub(r"\1:", resource))
