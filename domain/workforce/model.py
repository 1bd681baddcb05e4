# ruff: noqa: N818 - people read these names in Step Functions and CloudFormation.
"""The Ground Truth workforce of an account and Region, of which there can be one: whose it is, and whether it fits."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from domain.errors import KempelenError

CREATED, ADOPTED, REFUSED = "created", "adopted", "refused"
"""How a stack came by the workforce, or that it has none; kept in the custom resource's physical id, so that Delete
knows. The ARN of a workteam that the account refused is `REFUSED`, too."""

REVIEWERS = "reviewers"
"""The group of those who decide what the votes leave unsure; whoever is in it labels too."""

_UNSETTLED = frozenset({"Initializing", "Updating", "Deleting"})
_EVERYWHERE = frozenset({"0.0.0.0/0", "::/0"})


class WorkforceConflict(KempelenError):
    """The account's workforce signs people in elsewhere than this stack's pool; the message says where."""


class WorkforceInUse(KempelenError):
    """A workforce that others need signs its people in by this stack's pool; the message names it and what to do."""


class WorkforceNotReady(KempelenError):
    """The workforce did not become active or did not go within the time that a function has; the message says why."""


@dataclass(frozen=True)
class Team:
    """A private workteam: the people of a Cognito group, told of new tasks by a topic."""

    name: str
    group: str
    topic: str
    description: str


@dataclass(frozen=True)
class Wanted:
    """What a stack asks for. `source_ips`: CIDR ranges from which people may work; empty means everywhere. `team` is
    made and deleted with the workforce, where the stack does not do that itself."""

    name: str
    user_pool: str
    client: str
    source_ips: tuple[str, ...] = ()
    team: Team | None = None


@dataclass(frozen=True)
class Workforce:
    """What exists. `user_pool` and `client` are empty under an OIDC provider; `stage` is our tag's value, if any."""

    name: str
    arn: str
    status: str = "Active"
    user_pool: str = ""
    client: str = ""
    portal: str = ""
    source_ips: tuple[str, ...] = ()
    stage: str = ""
    failure: str = ""

    @property
    def settled(self) -> bool:
        return self.status not in _UNSETTLED


def origin(existing: Workforce, stage: str, wanted: Wanted | None = None) -> str:
    """Created by this stage's stack if it carries the stage's tag, or our name with our own pool and client, for it is
    not certain that AWS keeps tags of workforces. Else adopted."""
    ours = wanted is not None and (existing.name, existing.user_pool, existing.client) == (
        wanted.name,
        wanted.user_pool,
        wanted.client,
    )
    return CREATED if existing.stage == stage or ours else ADOPTED


def check_fits(existing: Workforce, wanted: Wanted) -> None:
    """Whether workteams of this stack can be made in the workforce: their members must come from its own pool.

    Raises:
        WorkforceConflict: another Cognito pool or client, or an OIDC provider, is in use.
        WorkforceNotReady: it is in a failed state.
    """
    if existing.status != "Active":
        raise WorkforceNotReady(
            f"workforce {existing.name!r} is {existing.status}: {existing.failure or 'no reason given'}"
        )
    if signs_in_by(existing, wanted):
        return
    used = (
        f"Cognito user pool {existing.user_pool} with client {existing.client}"
        if existing.user_pool
        else "an OpenID Connect provider"
    )
    raise WorkforceConflict(
        f"The only Ground Truth workforce of this account and Region, {existing.name!r}, uses {used}; "
        f"this stack's pool is {wanted.user_pool} with client {wanted.client}. There can be one workforce per account "
        f"and Region. To label with its people, make a private workteam there (SageMaker console, Labeling workforces) "
        f"and set workforce.workteam_arn to its ARN; else deploy the stage to another Region or account, or delete "
        f"that workforce (its workteams first) if nobody needs it."
    )


def signs_in_by(existing: Workforce, wanted: Wanted) -> bool:
    """Whether its people come from this stack's pool, by this stack's client."""
    return (existing.user_pool, existing.client) == (wanted.user_pool, wanted.client)


def same_ips(existing: Iterable[str], wanted: Iterable[str]) -> bool:
    """No restriction and "from everywhere" are the same."""
    return set(existing) - _EVERYWHERE == set(wanted) - _EVERYWHERE


def foreign_teams(teams: Iterable[str], stage: str) -> list[str]:
    """Workteams that this stage's stacks did not name: while they exist, the workforce stays."""
    return [team for team in teams if not team.startswith(f"kempelen-{stage}-")]


def physical_id(how: str, name: str) -> str:
    return f"{how}:{name}"


def created_name(identity: str) -> str | None:
    """The workforce's name if the physical id says that this stack created it."""
    how, _, name = identity.partition(":")
    return name if how == CREATED and name else None


@dataclass(frozen=True)
class Person:
    """Somebody who labels. `worker` is what votes call her; `status` is Cognito's: FORCE_CHANGE_PASSWORD until she has
    signed in for the first time."""

    user_name: str
    email: str
    worker: str
    status: str
    enabled: bool


@dataclass(frozen=True)
class SignedIn:
    """Somebody who is signed in to the portal, until then (seconds since 1970). `session` names this sign-in only.
    `reviewer`: she also decides what the votes leave unsure."""

    worker: str
    email: str
    session: str
    until: float
    reviewer: bool = False
