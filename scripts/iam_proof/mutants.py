"""Policies with one thing wrong, each of which the proof must notice."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product

from localcloud.iam.evaluation import decide
from localcloud.iam.patterns import like
from localcloud.iam.policies import Match, Policies, Policy, Statement, StoredPolicies, holder
from localcloud.iam.principals import Principals
from localcloud.iam.requests import AuthorizationRequest
from scripts.iam_proof.stage import Grant, Stage


@dataclass(frozen=True)
class Mutant:
    """`statement` in place of the one with its policy and index, or none. `grants`: the rights that it is about."""

    what: str
    grants: tuple[Grant, ...]
    original: Statement
    statement: Statement | None


def mutants(stage: Stage) -> Iterator[Mutant]:
    bound = {policy.name for policy in stage.policies.resources.values()}
    for policy in (one for one in _policies(stage.policies) if one.name in stage.whose):
        for statement in policy.statements:
            yield from _of(stage, statement, of_resource=policy.name in bound)


def _of(stage: Stage, statement: Statement, *, of_resource: bool) -> Iterator[Mutant]:
    def mutant(
        what: str, changed: Statement | None, actions: Iterable[str] = (), resources: Iterable[str] = ()
    ) -> Mutant:
        place = statement.policy, statement.index, statement.sid
        pairs = product(actions or statement.actions, resources or statement.resources or ("",))
        return Mutant(what, tuple(stage.grant(Match(*place, *pair)) for pair in pairs), statement, changed)

    for index, action in enumerate(statement.actions):
        rest = statement.actions[:index] + statement.actions[index + 1 :]
        yield mutant("without the action", replace(statement, actions=rest) if rest else None, actions=[action])
    for index, resource in enumerate(statement.resources):
        before, after = statement.resources[:index], statement.resources[index + 1 :]
        if before or after:
            yield mutant("without the resource", replace(statement, resources=before + after), resources=[resource])
        for wider in _wider(resource, of_resource=of_resource) if statement.allows else ():
            changed = replace(statement, resources=(*before, wider, *after))
            yield mutant(f"on {wider}", changed, resources=[resource])
    for index, condition in enumerate(statement.conditions):
        rest_of = statement.conditions[:index] + statement.conditions[index + 1 :]
        yield mutant(f"without {condition.given} {condition.key}", replace(statement, conditions=rest_of))
    if statement.principals and statement.allows and not statement.principals.everyone:
        yield mutant("for everyone", replace(statement, principals=Principals(everyone=True)))


def _wider(resource: str, *, of_resource: bool) -> list[str]:
    """One step, to all that the service has, and to everything; but the policy of a resource is about nothing else."""
    parts = resource.split(":", 5)
    if len(parts) < 6:
        return []
    steps = [f"{resource.rsplit('/', 2 if resource.endswith('/*') else 1)[0]}/*"] if "/" in parts[5] else []
    if not of_resource:
        steps += [f"arn:{parts[1]}:{parts[2]}:*:*:*" if parts[2] != "s3" else f"arn:{parts[1]}:s3:::*", "*"]
    return [step for step in dict.fromkeys(steps) if step != resource]


def told(mutant: Mutant) -> str:
    """In a line."""
    actions, resources = (
        dict.fromkeys(words) for words in zip(*((one.may, one.on) for one in mutant.grants), strict=True)
    )
    return f"{mutant.grants[0].who} {' '.join(actions)} on {' '.join(resources) or 'itself'}: {mutant.what}"


@dataclass(frozen=True)
class Jury:
    """Decides whether a mutant is noticed: by a request that is denied then, or by a probe that is allowed."""

    stage: Stage
    made: Sequence[AuthorizationRequest]
    foreign: Sequence[AuthorizationRequest]

    def survivors(self) -> tuple[int, list[Mutant]]:
        """How many mutants there are, and those that nothing notices."""
        concerned = self._by_action()
        every = list(mutants(self.stage))
        return len(every), [one for one in every if not self._noticed(one, concerned)]

    def _by_action(self) -> dict[str, list[tuple[AuthorizationRequest, bool]]]:
        """Requests that could be decided differently by a policy, with what is right, by the policy's name."""
        found: dict[str, list[tuple[AuthorizationRequest, bool]]] = defaultdict(list)
        for requests, right in ((self.made, True), (self.foreign, False)):
            for request in requests:
                for policy in self._policies_about(request):
                    found[policy.name].append((request, right))
        return found

    def _policies_about(self, request: AuthorizationRequest) -> Iterator[Policy]:
        stored = self.stage.policies
        yield from stored.identity(request.principal)
        endpoint = request.context.get("aws:SourceVpce")
        for found in (
            stored.boundary(request.principal),
            stored.endpoint(endpoint) if isinstance(endpoint, str) else None,
            *map(stored.resource, dict.fromkeys(map(holder, request.resources))),
        ):
            if found:
                yield found

    def _noticed(self, mutant: Mutant, concerned: dict[str, list[tuple[AuthorizationRequest, bool]]]) -> bool:
        policies = Changed(self.stage.policies, mutant)
        before = [*mutant.original.actions, *mutant.original.not_actions]
        for request, right in concerned[mutant.original.policy]:
            about = mutant.original.not_actions or any(
                like(request.action, one, {}, ignore_case=True) for one in before
            )
            if about and decide(request, policies).allowed is not right:
                return True
        return False


@dataclass(frozen=True)
class Changed:
    """The policies, with the mutant's statement in place of its original."""

    policies: Policies
    mutant: Mutant

    def identity(self, principal: str) -> Sequence[Policy]:
        return [self._of(one) for one in self.policies.identity(principal)]

    def boundary(self, principal: str) -> Policy | None:
        return self._one(self.policies.boundary(principal))

    def session(self, principal: str) -> Policy | None:
        return self._one(self.policies.session(principal))

    def resource(self, arn: str) -> Policy | None:
        return self._one(self.policies.resource(arn))

    def endpoint(self, identity: str) -> Policy | None:
        return self._one(self.policies.endpoint(identity))

    def _one(self, policy: Policy | None) -> Policy | None:
        return policy and self._of(policy)

    def _of(self, policy: Policy) -> Policy:
        if policy.name != self.mutant.original.policy:
            return policy
        kept = [self.mutant.statement if one is self.mutant.original else one for one in policy.statements]
        return Policy(policy.name, tuple(one for one in kept if one))


def _policies(stored: StoredPolicies) -> Iterator[Policy]:
    for policies in stored.identities.values():
        yield from policies
    for held in (stored.boundaries, stored.resources, stored.endpoints):
        yield from held.values()
