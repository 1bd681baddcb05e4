"""Short ways to write policies and to ask."""

from __future__ import annotations

from typing import Any

from localcloud.iam.evaluation import Decision, decide
from localcloud.iam.policies import Policy, StoredPolicies, policy
from localcloud.iam.requests import AuthorizationRequest

ACCOUNT, OTHER_ACCOUNT = "123456789012", "999999999999"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/any"
BUCKET = "arn:aws:s3:::any"


def allow(action: Any, resource: Any, **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def deny(action: Any, resource: Any, **more: Any) -> dict[str, Any]:
    return allow(action, resource, **more) | {"Effect": "Deny"}


def document(*statements: dict[str, Any], name: str = "policy") -> Policy:
    return policy(name, {"Version": "2012-10-17", "Statement": list(statements)})


def ask(policies: StoredPolicies, action: str, *resources: str, principal: str = ROLE, **context: Any) -> Decision:
    """`aws__SourceAccount` becomes `aws:SourceAccount`."""
    keys = {key.replace("__", ":"): value for key, value in context.items()}
    return decide(AuthorizationRequest(principal, action, resources, keys), policies)


def holds(condition: dict[str, Any], context: dict[str, Any]) -> bool:
    """Whether a statement with the condition allows a request with these keys."""
    stored = StoredPolicies(identities={ROLE: [document(allow("s3:GetObject", "*", Condition=condition))]})
    return decide(AuthorizationRequest(ROLE, "s3:GetObject", (f"{BUCKET}/key",), context), stored).allowed
