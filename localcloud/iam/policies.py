"""Policies as they are read, and what a decision asks of those that there are."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

from localcloud.iam.conditions import Condition, conditions
from localcloud.iam.patterns import UnresolvedVariableError, Values, like
from localcloud.iam.principals import Principals, principals


class PolicyError(ValueError):
    """A document that AWS would not take."""


class Match(NamedTuple):
    """A statement that applies, and by what of it: patterns as they are written, `!` before those of a Not- element."""

    policy: str
    statement: int
    sid: str
    action: str
    resource: str


@dataclass(frozen=True)
class Statement:
    """`index`: its place in the policy, from 0. `principals` is None in a policy of an identity."""

    policy: str
    index: int
    sid: str
    allows: bool
    actions: tuple[str, ...]
    not_actions: tuple[str, ...]
    resources: tuple[str, ...]
    not_resources: tuple[str, ...]
    principals: Principals | None
    conditions: tuple[Condition, ...]

    def matches(self, action: str, resource: str, values: Values) -> list[Match]:
        """Every pair of patterns by which it applies, the principal apart."""
        by_action = _by(self.actions, self.not_actions, lambda one: like(action, one, {}, ignore_case=True))
        if not by_action:
            return []
        try:
            by_resource = _by(self.resources, self.not_resources, lambda one: like(resource, one, values))
            if not by_resource or not all(condition.holds(values) for condition in self.conditions):
                return []
        except UnresolvedVariableError:
            return []
        pairs = [(one, other) for one in by_action for other in by_resource]
        return [Match(self.policy, self.index, self.sid, one, other) for one, other in pairs]


def _by(named: tuple[str, ...], excluded: tuple[str, ...], matches: Any) -> list[str]:
    """The patterns by which it is meant. A trust policy names no resource: it is about its role."""
    if excluded:
        return [] if any(matches(one) for one in excluded) else ["!" + "|".join(excluded)]
    return [one for one in named if matches(one)] if named else [""]


@dataclass(frozen=True)
class Policy:
    """`name` says where it stands, as a person would look for it."""

    name: str
    statements: tuple[Statement, ...]


def policy(name: str, document: str | Mapping[str, Any]) -> Policy:
    """Raises PolicyError, which says what is wrong with which statement."""
    read = json.loads(document) if isinstance(document, str) else document
    written = read.get("Statement")
    listed = written if isinstance(written, list) else [written]
    # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html: variables are text in
    # 2008-10-17. Nothing here is so old: refused, for what they look like they would not do.
    if "${" in json.dumps(written) and read.get("Version") != "2012-10-17":
        raise PolicyError(f"{name}: a policy with variables must be of version 2012-10-17")
    return Policy(name, tuple(_statement(name, index, one) for index, one in enumerate(listed)))


def _statement(name: str, index: int, written: Any) -> Statement:
    try:
        if written["Effect"] not in ("Allow", "Deny"):
            raise ValueError(f"its effect is {written['Effect']!r}")
        if ("Action" in written) is ("NotAction" in written):
            raise ValueError("it must have either Action or NotAction")
        return Statement(
            policy=name,
            index=index,
            sid=written.get("Sid", ""),
            allows=written["Effect"] == "Allow",
            actions=_listed(written.get("Action")),
            not_actions=_listed(written.get("NotAction")),
            resources=_listed(written.get("Resource")),
            not_resources=_listed(written.get("NotResource")),
            principals=_principals(written),
            conditions=conditions(written.get("Condition", {})),
        )
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise PolicyError(f"{name}, statement {index}: {error}") from error


def _principals(written: Mapping[str, Any]) -> Principals | None:
    if "NotPrincipal" in written:
        return principals(written["NotPrincipal"], negated=True)
    return principals(written["Principal"]) if "Principal" in written else None


def _listed(written: Any) -> tuple[str, ...]:
    if written is None:
        return ()
    return (written,) if isinstance(written, str) else tuple(dict.fromkeys(written))


class Policies(Protocol):
    """What there is, for those that a request names. No policy of an organization: there is none here."""

    def identity(self, principal: str) -> Sequence[Policy]:
        """Attached and inline policies of a role."""

    def boundary(self, principal: str) -> Policy | None: ...

    def session(self, principal: str) -> Policy | None: ...

    def resource(self, arn: str) -> Policy | None:
        """The policy that stands at the resource, or at what it lies in: an object's is its bucket's."""

    def endpoint(self, identity: str) -> Policy | None:
        """Of a VPC endpoint (`vpce-…`), by which the request comes."""


@dataclass(frozen=True)
class StoredPolicies:
    """Policies by the ARN (or id) of what they are attached to."""

    identities: Mapping[str, Sequence[Policy]] = field(default_factory=dict)
    boundaries: Mapping[str, Policy] = field(default_factory=dict)
    sessions: Mapping[str, Policy] = field(default_factory=dict)
    resources: Mapping[str, Policy] = field(default_factory=dict)
    endpoints: Mapping[str, Policy] = field(default_factory=dict)

    def identity(self, principal: str) -> Sequence[Policy]:
        return self.identities.get(principal, ())

    def boundary(self, principal: str) -> Policy | None:
        return self.boundaries.get(principal)

    def session(self, principal: str) -> Policy | None:
        return self.sessions.get(principal)

    def resource(self, arn: str) -> Policy | None:
        return self.resources.get(holder(arn))

    def endpoint(self, identity: str) -> Policy | None:
        return self.endpoints.get(identity)


def holder(arn: str) -> str:
    """The ARN of what has the policy: the bucket of an object, the function of a version or alias."""
    parts = arn.split(":")
    if parts[2:3] == ["s3"] and len(parts) > 5:
        return arn.partition("/")[0]
    return ":".join(parts[:7]) if parts[2:3] == ["lambda"] and parts[5:6] == ["function"] else arn
