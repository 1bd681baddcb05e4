"""Provides and removes a stage's workforce: adopt or create, and delete only what was created."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from domain.errors import AwsError, RequestRefused, ResourceInUse, ServiceUnavailable
from domain.workforce.model import (
    CREATED,
    Team,
    Wanted,
    Workforce,
    WorkforceInUse,
    WorkforceNotReady,
    check_fits,
    created_name,
    foreign_teams,
    origin,
    same_ips,
    signs_in_by,
)


class Workforces(Protocol):
    """The workforce of one account and Region. Each method raises `domain.errors.AwsError`."""

    def current(self) -> Workforce | None: ...

    def create(self, wanted: Wanted, stage: str) -> None: ...

    def restrict(self, name: str, source_ips: Sequence[str]) -> None: ...

    def delete(self, name: str) -> None: ...

    def teams(self, workforce: Workforce) -> list[str]: ...

    def provide_team(self, team: Team, wanted: Wanted, workforce: str) -> str:
        """The ARN of the team, made in the workforce of this name or changed to what is wanted."""
        ...

    def delete_team(self, name: str) -> bool:
        """Whether it is gone; it is not as long as a labeling job needs it."""
        ...


class SignIn(Protocol):
    """The client by which the worker portal signs people in."""

    def return_to(self, portal: str, user_pool: str, client: str) -> None: ...


class Keeper:
    """Keeps the workforce of one stage. `looks` yields as often as there is time to look again."""

    def __init__(self, workforces: Workforces, sign_in: SignIn, stage: str) -> None:
        self._workforces = workforces
        self._sign_in = sign_in
        self._stage = stage

    def provide(self, wanted: Wanted, looks: Iterator[None]) -> tuple[Workforce, str, str]:
        """The active workforce, whether it was created or adopted, and the ARN of its team if one is wanted.

        Raises:
            WorkforceConflict: the existing one uses another user pool.
            WorkforceNotReady: it is not active by the last look.
        """
        workforce = self._settled(looks)
        if workforce is not None:
            return self._ready(workforce, wanted, looks)
        try:
            self._workforces.create(wanted, self._stage)
        except (RequestRefused, ResourceInUse, ServiceUnavailable):
            # The answer may have been lost, or someone was quicker: what exists decides.
            if self._workforces.current() is None:
                raise
        try:
            return self._ready(self._created(looks), wanted, looks)
        except Exception as error:
            # CloudFormation never learns the id of a resource whose creation failed, so it would never delete it.
            self._undo(wanted, error)
            raise

    def remove(self, identity: str, wanted: Wanted, looks: Iterator[None]) -> str:
        """Delete the workforce that this stage created; what was done. The stack's pool goes next.

        Raises:
            WorkforceInUse: other people's workteams live in it, or this stack did not create it: the pool must stay.
            WorkforceNotReady: it is not gone by the last look.
        """
        reason = "no look was possible"
        for _ in looks:
            workforce = self._workforces.current()
            if workforce is None:
                return "it is gone"
            ours = workforce.name == created_name(identity) and origin(workforce, self._stage, wanted) == CREATED
            if not ours and not signs_in_by(workforce, wanted):
                return "another workforce is there, which does not need this stack's pool"
            teams = self._workforces.teams(workforce)
            self._refuse_if_needed(workforce, foreign_teams(teams, self._stage), ours=ours)
            if wanted.team and wanted.team.name in teams and self._workforces.delete_team(wanted.team.name):
                teams.remove(wanted.team.name)
            reason = f"workteams remain: {', '.join(teams)}" if teams else self._delete(workforce)
        raise WorkforceNotReady(f"the workforce could not be deleted in time: {reason}")

    def _refuse_if_needed(self, workforce: Workforce, foreign: Sequence[str], *, ours: bool) -> None:
        """Workforce and pool go together, or stay together."""
        name = workforce.name
        if foreign:
            raise WorkforceInUse(
                f"Workforce {name!r} signs people in by the user pool of this stack, and workteams that are not ours "
                f"use it: {', '.join(foreign)}. Without the pool their people could not sign in, so both stay. Delete "
                f"these workteams, or have their owners do so, then run `cdk destroy` again."
            )
        if not ours and workforce.status != "Deleting":
            raise WorkforceInUse(
                f"Workforce {name!r} was not created by this stack, but signs people in by its user pool. Without the "
                f"pool it would be of no use, and no other could be made, so both stay. Delete it, if nobody needs "
                f"it: `aws sagemaker delete-workforce --workforce-name {name}`; then run `cdk destroy` again."
            )

    def _delete(self, workforce: Workforce) -> str:
        if workforce.status == "Deleting":
            return "it is still Deleting"
        try:
            self._workforces.delete(workforce.name)
        except (ResourceInUse, ServiceUnavailable, RequestRefused) as error:
            return str(error)
        return "it was asked to go"

    def _ready(self, workforce: Workforce, wanted: Wanted, looks: Iterator[None]) -> tuple[Workforce, str, str]:
        check_fits(workforce, wanted)
        how = origin(workforce, self._stage, wanted)
        if how == CREATED:
            if not same_ips(workforce.source_ips, wanted.source_ips):
                self._workforces.restrict(workforce.name, wanted.source_ips)
                workforce = self._settled(looks) or workforce
            self._sign_in.return_to(workforce.portal, wanted.user_pool, wanted.client)
        team = self._workforces.provide_team(wanted.team, wanted, workforce.name) if wanted.team else ""
        return workforce, how, team

    def _created(self, looks: Iterator[None]) -> Workforce:
        """The new workforce once it is settled; lists may show it late."""
        for _ in looks:
            workforce = self._workforces.current()
            if workforce is not None and workforce.settled:
                return workforce
        raise WorkforceNotReady("the new workforce was not active at the end of the function's time; deploy again")

    def _settled(self, looks: Iterator[None]) -> Workforce | None:
        """The workforce once its state does not change by itself any more; None when there is none."""
        state = "unknown"
        for _ in looks:
            workforce = self._workforces.current()
            if workforce is None or workforce.settled:
                return workforce
            state = workforce.status
        raise WorkforceNotReady(f"the workforce is still {state} at the end of the function's time; deploy again")

    def _undo(self, wanted: Wanted, failure: Exception) -> None:
        try:
            workforce = self._workforces.current()
            if workforce and workforce.name == wanted.name and origin(workforce, self._stage, wanted) == CREATED:
                self._workforces.delete(wanted.name)
        except AwsError as error:
            raise WorkforceNotReady(f"{failure}; and workforce {wanted.name!r} is left behind: {error}") from failure
