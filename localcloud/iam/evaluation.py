"""Allowed or not, and why.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
The reasons are in AWS's words:
https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from localcloud.iam.patterns import Values
from localcloud.iam.policies import Match, Policies, Policy
from localcloud.iam.principals import account_of, is_service
from localcloud.iam.requests import AuthorizationRequest

# "No permissions are required to perform this operation", not even against an explicit deny:
# https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
ALWAYS = frozenset({"sts:GetCallerIdentity"})


@dataclass(frozen=True)
class Decision:
    """`statements`: those that allow, all of them, or those that deny; none where nothing allows."""

    allowed: bool
    reason: str
    statements: tuple[Match, ...] = ()


def decide(request: AuthorizationRequest, policies: Policies) -> Decision:
    """Every resource of the request must be allowed; the first that is not gives the reason."""
    if request.action in ALWAYS:
        return Decision(True, "everybody may")
    decisions = []
    for arn in request.resources:
        decision = _Case(request, arn, policies).decision()
        if not decision.allowed:
            return decision
        decisions.append(decision)
    statements = dict.fromkeys(match for decision in decisions for match in decision.statements)
    return Decision(True, decisions[0].reason if decisions else "nothing is asked for", tuple(statements))


@dataclass(frozen=True)
class _Case:
    """One resource of a request."""

    request: AuthorizationRequest
    arn: str
    policies: Policies
    values: Values = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "values", values_of(self.request, self.arn))

    def decision(self) -> Decision:
        for kind, layer in self._layers():
            denying = self._matches(layer, allows=False)
            if denying:
                return self._denied(f"with an explicit deny in {_article(kind)} {kind}", denying)
        endpoint = self._endpoint()
        if endpoint and not self._matches([endpoint]):
            return self._lacking("VPC endpoint policy")
        return self._of_service() if is_service(self.request.principal) else self._of_role()

    def _layers(self) -> Iterator[tuple[str, Sequence[Policy]]]:
        principal = self.request.principal
        yield "identity-based policy", self.policies.identity(principal)
        yield "permissions boundary", _some(self.policies.boundary(principal))
        yield "session policy", _some(self.policies.session(principal))
        yield self._kind, _some(self._resource_policy())
        yield "VPC endpoint policy", _some(self._endpoint())

    def _of_service(self) -> Decision:
        """A service has no policies: that of the resource must let it in."""
        allowing = self._matches(_some(self._resource_policy()))
        return self._allowed(allowing) if allowing else self._lacking(self._kind)

    def _of_role(self) -> Decision:
        owner = self.values.get("aws:resourceaccount", ("",))[0]
        same = owner in ("", account_of(self.request.principal))
        identity = self._matches(self.policies.identity(self.request.principal))
        here = self._matches(_some(self._resource_policy()))
        named = self._matches(_some(self._resource_policy()), directly=True)
        if not same or self._must_allow:
            if not here:
                return self._lacking(self._kind)
            if not identity and not (same and named):
                return self._lacking("identity-based policy")
        elif not identity and not named:
            return self._lacking("identity-based policy")
        return self._within_limits([*identity, *(here if not same or self._must_allow else named)])

    def _within_limits(self, allowing: list[Match]) -> Decision:
        """A boundary and a session's policy take away, also from what a resource's policy gives to the role."""
        for kind, limit in (
            ("permissions boundary", self.policies.boundary(self.request.principal)),
            ("session policy", self.policies.session(self.request.principal)),
        ):
            if limit:
                matches = self._matches([limit])
                if not matches:
                    return self._lacking(kind)
                allowing += matches
        endpoint = self._endpoint()
        return self._allowed(allowing + (self._matches([endpoint]) if endpoint else []))

    def _matches(self, layer: Sequence[Policy], *, allows: bool = True, directly: bool = False) -> list[Match]:
        principal = self.request.principal
        return [
            match
            for policy in layer
            for statement in policy.statements
            if statement.allows is allows
            and (
                statement.principals is None
                or (statement.principals.directly if directly else statement.principals.include)(principal)
            )
            for match in statement.matches(self.request.action, self.arn, self.values)
        ]

    @property
    def _kind(self) -> str:
        return "role trust policy" if self._is_role else "resource-based policy"

    @property
    def _is_role(self) -> bool:
        return self.arn.split(":")[2:3] == ["iam"]

    @property
    def _must_allow(self) -> bool:
        """ "IAM role trust policies and KMS key policies are exceptions to this logic, because they must explicitly
        allow access for principals"; a key's may leave it to the account's own policies by naming the account
        (https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html).
        """
        resource = self.arn.split(":")
        is_key = resource[2:3] == ["kms"] and resource[5:6] != ["*"] and resource[-1].startswith("key/")
        return is_key or (self._is_role and self.request.action.startswith("sts:"))

    def _resource_policy(self) -> Policy | None:
        """A trust policy is about taking the role on, not about the role as something that IAM keeps."""
        if self._is_role and not self.request.action.startswith("sts:"):
            return None
        return self.policies.resource(self.arn)

    def _endpoint(self) -> Policy | None:
        endpoint = self.values.get("aws:sourcevpce")
        return self.policies.endpoint(endpoint[0]) if endpoint else None

    def _allowed(self, matches: list[Match]) -> Decision:
        return Decision(True, f"allowed by {matches[0].policy}", tuple(matches))

    def _lacking(self, kind: str) -> Decision:
        return self._denied(f"because no {kind} allows the {self.request.action} action", [])

    def _denied(self, why: str, matches: list[Match]) -> Decision:
        asked = f"{self.request.principal} is not authorized to perform: {self.request.action} on resource: {self.arn}"
        return Decision(False, f"{asked} {why}", tuple(matches))


def values_of(request: AuthorizationRequest, arn: str) -> Values:
    """The request's condition keys, and those that follow from who asks for what
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html).
    """
    given = {
        key.lower(): (value,) if isinstance(value, str) else tuple(value) for key, value in request.context.items()
    }
    service = is_service(request.principal)
    derived = {"aws:principalisawsservice": (str(service).lower(),)}
    if service:
        derived["aws:principalservicename"] = (request.principal,)
    else:
        derived["aws:principalarn"] = (request.principal,)
        derived["aws:principalaccount"] = (account_of(request.principal),)
    if account_of(arn).isdigit():
        derived["aws:resourceaccount"] = (account_of(arn),)
    return derived | given


def _some(policy: Policy | None) -> Sequence[Policy]:
    return [policy] if policy else []


def _article(kind: str) -> str:
    return "an" if kind.startswith("identity") else "a"
