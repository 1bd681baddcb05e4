"""The proof of one stage: what it is about, and what it found."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from localcloud.iam.evaluation import Decision, decide
from localcloud.iam.policies import Match, Statement
from localcloud.iam.requests import AuthorizationRequest
from scripts.iam_proof.explained import Explanation, Explanations
from scripts.iam_proof.mutants import Jury, Mutant
from scripts.iam_proof.probes import Probe, probes
from scripts.iam_proof.stage import Grant, Stage


@dataclass(frozen=True)
class Proof:
    """`recorded`: what was asked for on the local cloud. `behalf`: what AWS asks for on ours."""

    stage: Stage
    recorded: Sequence[AuthorizationRequest]
    behalf: Sequence[AuthorizationRequest]
    explained: Explanations
    mutate: bool = True

    @cached_property
    def made(self) -> list[AuthorizationRequest]:
        return [*self.recorded, *self.behalf]

    @cached_property
    def decisions(self) -> list[tuple[AuthorizationRequest, Decision]]:
        return [(request, decide(request, self.stage.policies)) for request in self.made]

    @cached_property
    def denied(self) -> list[tuple[AuthorizationRequest, Decision]]:
        """Requests that must be allowed, and are not."""
        return [(request, decision) for request, decision in self.decisions if not decision.allowed]

    @cached_property
    def used(self) -> set[Match]:
        return {match for _, decision in self.decisions for match in decision.statements}

    @cached_property
    def unused(self) -> list[Grant]:
        """Rights that nothing needs: each action of a statement, and each of its resources."""
        used: dict[tuple[str, int], list[Match]] = defaultdict(list)
        for match in self.used:
            used[match.policy, match.statement].append(match)
        return [grant for one in self.allowing() for grant in self._unused_of(one, used[one.policy, one.index])]

    def allowing(self) -> Iterable[Statement]:
        stored = self.stage.policies
        listed = [policy for policies in stored.identities.values() for policy in policies]
        for policy in (*listed, *stored.boundaries.values(), *stored.resources.values()):
            if policy.name in self.stage.whose:  # AWS's own are not ours to trim
                yield from (statement for statement in policy.statements if statement.allows)

    def _unused_of(self, statement: Statement, used: Sequence[Match]) -> Iterable[Grant]:
        actions, resources = {match.action for match in used}, {match.resource for match in used}
        place = statement.policy, statement.index, statement.sid
        written = statement.resources or ("",)
        for action in (one for one in statement.actions if one not in actions):
            yield from (self.stage.grant(Match(*place, action, resource)) for resource in written)
        for resource in (one for one in written if one not in resources and actions):
            yield from (self.stage.grant(Match(*place, action, resource)) for action in statement.actions)

    @cached_property
    def probes(self) -> list[Probe]:
        return probes(self.stage, self.made)

    @cached_property
    def allowed(self) -> list[tuple[Probe, Grant]]:
        """Probes that must be denied, and are not, with the first right that lets them in."""
        found = ((probe, decide(probe.request, self.stage.policies)) for probe in self.probes)
        return [(probe, self.stage.grant(made.statements[0])) for probe, made in found if made.allowed]

    @cached_property
    def mutants(self) -> tuple[int, list[Mutant]]:
        right = {id(probe.request) for probe, _ in self.allowed}
        foreign = [probe.request for probe in self.probes if id(probe.request) not in right]
        return Jury(self.stage, self.made, foreign).survivors() if self.mutate else (0, [])

    @cached_property
    def verdict(self) -> Verdict:
        unused = self.explained.unexplained("unused", self.unused)
        allowed = [(probe, grant) for probe, grant in self.allowed if not self.explained.of("wide", grant)]
        survivors = [one for one in self.mutants[1] if not self._survives_rightly(one)]
        unread = [Grant(who, name, "*") for who, name in self.stage.unread]
        unread = self.explained.unexplained("unread", unread)
        stale = [one for one in self.explained.stale() if self.mutate or one.kind != "survivor"]
        return Verdict(self.denied, unused, allowed, survivors, unread, stale)

    def _survives_rightly(self, mutant: Mutant) -> bool:
        """What nothing uses may be missing unnoticed; and so may be what is said to."""
        kinds = ("unused", "survivor")
        return all(any(self.explained.of(kind, one, mutant.what) for kind in kinds) for one in mutant.grants)


@dataclass(frozen=True)
class Verdict:
    """What is wrong, by kind."""

    denied: list[tuple[AuthorizationRequest, Decision]] = field(default_factory=list)
    unused: list[Grant] = field(default_factory=list)
    allowed: list[tuple[Probe, Grant]] = field(default_factory=list)
    survivors: list[Mutant] = field(default_factory=list)
    unread: list[Grant] = field(default_factory=list)
    stale: list[Explanation] = field(default_factory=list)

    @property
    def proven(self) -> bool:
        return not any(vars(self).values())
