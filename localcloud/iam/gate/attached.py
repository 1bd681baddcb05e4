"""The policies that a deployment made, out of ministack's stores: what `decide` asks for, always as it is now."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from ministack.core import iam_evaluator
from ministack.services import ec2, iam

from localcloud.iam.policies import Policy, PolicyError, policy
from localcloud.sagemaker.store import ACCOUNT


class Attached:
    """Policies (see `localcloud.iam.policies.Policies`). A document is parsed once, and again when it is another."""

    def identity(self, principal: str) -> Sequence[Policy]:
        role = _role(principal)
        inline = (role.get("InlinePolicies") or {}).items()
        managed = ((arn, _managed(arn)) for arn in role.get("AttachedPolicies") or [])
        named = [*inline, *managed]
        return [_policy(f"{role['RoleName']}/{name}", _text(text)) for name, text in named if text]

    def boundary(self, principal: str) -> Policy | None:
        """A boundary without its policy allows nothing."""
        given = _role(principal).get("PermissionsBoundary")
        arn = given.get("PermissionsBoundaryArn") if isinstance(given, dict) else given
        return _policy(arn, _text(_managed(arn) or {"Statement": []})) if arn else None

    def session(self, _principal: str) -> Policy | None:
        """Nobody of ours asks STS for less than a role has."""
        return None

    def resource(self, arn: str) -> Policy | None:
        kind = arn.split(":")[2:3]
        if kind == ["iam"]:
            trust = _role(arn).get("AssumeRolePolicyDocument")
            return _policy(f"{arn} (trust)", _text(trust)) if trust else None
        holder = arn.partition("/")[0] if kind == ["s3"] else arn
        found = iam_evaluator._resource_policy(*kind, holder) if kind and len(arn.split(":")) > 5 else None
        text = found[0] if found else None
        statements = json.loads(_text(text)).get("Statement") if text else None
        return _policy(f"{holder} (policy)", _text(text)) if statements else None

    def endpoint(self, identity: str) -> Policy | None:
        text = (ec2._vpc_endpoints.get(identity) or {}).get("PolicyDocument")
        return _policy(identity, _text(text)) if text else None


def _role(arn: str) -> dict[str, Any]:
    return iam._roles.get(arn.rsplit("/", 1)[-1]) or {}


def _managed(arn: str) -> Any:
    return iam_evaluator._resolve_managed_policy_document(arn, ACCOUNT)


def _text(document: Any) -> str:
    return document if isinstance(document, str) else json.dumps(document, sort_keys=True)


@lru_cache(maxsize=1024)
def _policy(name: str, text: str) -> Policy:
    """What AWS would not take allows nothing, and the name says why."""
    try:
        return policy(name, text)
    except PolicyError as error:
        return Policy(f"{name}, which is no policy: {error}", ())
