"""Provides and removes a stage's workforce: adopt or create, and delete only what was created."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from domain.errors import AwsError, RequestRefused, ResourceInUse, ServiceUnavailable
from domain.workforce.model import (
    CREATED,
    Wanted,
    Workforce,
    WorkforceNotReady,
    check_fits,
    created_name,
    foreign_teams,
    origin,
    same_ips,
)


class Workforces(Protocol):
    """The workforce of one account and Region. Each method raises `domain.errors.AwsError`."""

    def current(self) -> Workforce | None: ...

    def create(self, wanted: Wanted, stage: str) -> None: ...

    def restrict(self, name: str, source_ips: Sequence[str]) -> None: ...

    def delete(self, name: str) -> None: ...

    def teams(self, workforce: Workforce) -> list[str]: ...


class SignIn(Protocol):
    """The client by which the worker portal signs people in."""

    def return_to(self, portal: str, user_pool: str, client: str) -> None: ...


class Keeper:
    """Keeps the workforce of one stage. `looks` yields as often as there is time to look again."""

    def __init__(self, workforces: Workforces, sign_in: SignIn, stage: str) -> None:
        self._workforces = workforces
        self._sign_in = sign_in
        self._stage = stage

    def provide(self, wanted: Wanted, looks: Iterator[None]) -> tuple[Workforce, str]:
        """The active workforce, and whether it was created or adopted.

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

    def remove(self, identity: str, looks: Iterator[None]) -> str:
        """Delete the workforce that this stage created, unless other people's workteams live in it; what was done.

        Raises:
            WorkforceNotReady: it is not gone by the last look.
        """
        name = created_name(identity)
        if name is None:
            return "it was not created by this stack and stays"
        reason = "no look was possible"
        for _ in looks:
            workforce = self._workforces.current()
            if workforce is None or workforce.name != name or origin(workforce, self._stage) != CREATED:
                return "it is gone"
            teams = self._workforces.teams(workforce)
            foreign = foreign_teams(teams, self._stage)
            if foreign:
                return f"it stays, because workteams that are not ours use it: {', '.join(foreign)}"
            reason = f"workteams remain: {', '.join(teams)}" if teams else self._delete(workforce)
        raise WorkforceNotReady(f"workforce {name!r} could not be deleted in time: {reason}")

    def _delete(self, workforce: Workforce) -> str:
        if workforce.status == "Deleting":
            return "it is still Deleting"
        try:
            self._workforces.delete(workforce.name)
        except (ResourceInUse, ServiceUnavailable, RequestRefused) as error:
            return str(error)
        return "it was asked to go"

    def _ready(self, workforce: Workforce, wanted: Wanted, looks: Iterator[None]) -> tuple[Workforce, str]:
        check_fits(workforce, wanted)
        how = origin(workforce, self._stage, wanted)
        if how == CREATED:
            if not same_ips(workforce.source_ips, wanted.source_ips):
                self._workforces.restrict(workforce.name, wanted.source_ips)
                workforce = self._settled(looks) or workforce
            self._sign_in.return_to(workforce.portal, wanted.user_pool, wanted.client)
        return workforce, how

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
