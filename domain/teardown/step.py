"""One bounded step of teardown: look at everything in scope, delete what can be deleted, say what is left."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Protocol

from pydantic import BaseModel, ConfigDict

from domain.errors import AccessDenied, AwsError, NotFound, ResourceInUse, ServiceUnavailable
from domain.teardown.plan import PLAN, Decision, Item, Kind, Note, Snapshot, Unread, decide
from domain.teardown.progress import Limits, Memory, Round, Verdict, advance, explain, is_proven_empty, why_give_up


class Cloud(Protocol):
    """What teardown needs of the cloud. Both methods raise `domain.errors.AwsError`."""

    def look(self, kind: Kind, home_file_system: str | None) -> Iterator[Item]:
        """The items of a kind in scope, page by page; what comes before an error counts."""

    def delete(self, item: Item) -> None:
        """Ask for the item's deletion (jobs and executions: its stop), without waiting for it."""


class Report(BaseModel):
    """What a step says to the state machine or to CloudFormation; lists of names are bounded, counts are not."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    verdict: Verdict
    done: bool
    deleted: tuple[str, ...] = ()
    waiting_for: tuple[dict[str, str], ...] = ()
    stuck: tuple[dict[str, str], ...] = ()
    left: int = 0
    pause: int = 1
    cause: str = ""
    memory: Memory


def take_step(
    cloud: Cloud, memory: Memory, now: Callable[[], float], limits: Limits, in_time: Callable[[], bool]
) -> Report:
    """Look, act, report. `in_time` says whether another request may still be started before the caller's time-out."""
    snapshot, home = look(cloud, memory.home_file_system, limits, in_time)
    result = act(cloud, decide(snapshot), limits, in_time)
    result = replace(result, home_file_system=home)
    after = advance(memory, result, now(), limits)
    why = "" if result.empty else why_give_up(after, now(), limits)
    done = is_proven_empty(after, limits)
    verdict = Verdict.EMPTY if done else Verdict.GAVE_UP if why else Verdict.AGAIN
    return _report(verdict, result, after, limits, why)


def list_only(cloud: Cloud, limits: Limits, in_time: Callable[[], bool]) -> Report:
    """A dry run: what teardown would delete; `waiting_for` lists it."""
    snapshot, _ = look(cloud, None, limits, in_time)
    decision = decide(snapshot)
    would = tuple(Note(item.key, "would be deleted") for item in decision.actions)
    unread = tuple(_note(gap) for gap in decision.unread)
    left = would + decision.moving + decision.held
    result = Round(left=len(left), complete=not unread, moving=left, stuck=unread)
    return _report(Verdict.LISTED, result, Memory(), limits, "")


def look(
    cloud: Cloud, home_file_system: str | None, limits: Limits, in_time: Callable[[], bool]
) -> tuple[Snapshot, str | None]:
    """Everything in scope, listed in plan order, and the home file system as far as the domain names it."""
    items: list[Item] = []
    unread: list[Unread] = []
    home = home_file_system
    for kind in Kind:
        listed = cloud.look(kind, home)
        gap = _collect(listed, kind, items, limits, in_time)
        if gap is not None:
            unread.append(gap)
        home = _home_of(items) or home
    return Snapshot(tuple(items), tuple(unread)), home


def _collect(
    listed: Iterator[Item], kind: Kind, items: list[Item], limits: Limits, in_time: Callable[[], bool]
) -> Unread | None:
    """Append the kind's items, also those before an error; the gap, if the list was not read to its end."""
    number = 0
    try:
        while in_time():
            item = next(listed, None)
            if item is None:
                return None
            if PLAN[kind].in_batches and number == limits.actions:
                return Unread(kind, f"only {number} at a time; the rest comes with the next steps", True, batch=True)
            items.append(item)
            number += 1
    except NotFound:
        return None
    except AwsError as error:
        return Unread(kind, str(error), isinstance(error, ServiceUnavailable | ResourceInUse))
    return Unread(kind, "the step's time was up", passing=True)


def _home_of(items: list[Item]) -> str | None:
    homes = (item.address.get("HomeEfsFileSystemId") for item in items if item.kind is Kind.DOMAIN)
    return next((str(home) for home in homes if home), None)


def act(cloud: Cloud, decision: Decision, limits: Limits, in_time: Callable[[], bool]) -> Round:
    """Delete what the decision says, as far as time and the bound on actions allow."""
    gone: list[Item] = []
    moving = list(decision.moving)
    held = list(decision.held)
    stuck: list[Note] = []
    for gap in decision.unread:
        (held if gap.batch else moving if gap.passing else stuck).append(_note(gap))
    for number, item in enumerate(decision.actions):
        if number >= limits.actions or not in_time():
            moving.append(Note(item.key, "is next"))
            continue
        try:
            cloud.delete(item)
        except NotFound:
            gone.append(item)
        except (ResourceInUse, ServiceUnavailable) as error:
            moving.append(Note(item.key, _because(error, item)))
        except AwsError as error:
            stuck.append(Note(item.key, _because(error, item)))
        else:
            gone.append(item)
            moving.append(Note(item.key, _because(None, item)))
    return Round(
        left=len(decision.actions) + len(decision.moving) + len(decision.held) + len(decision.unread),
        complete=not decision.unread,
        deleted=tuple(item.key for item in gone),
        batched=frozenset(item.key for item in gone if PLAN[item.kind].in_batches),
        moving=tuple(moving),
        held=tuple(held),
        stuck=tuple(stuck),
    )


def _note(gap: Unread) -> Note:
    return Note(f"{gap.kind.value}s", gap.reason if gap.batch else f"could not be listed: {gap.reason}")


def _because(error: AwsError | None, item: Item) -> str:
    before = f"; it was {item.status}: {item.failure}" if item.failure else ""
    if error is None:
        return f"deletion was requested{before}"
    denied = "access denied: " if isinstance(error, AccessDenied) else ""
    return f"{denied}{error}{before}"


def _report(verdict: Verdict, result: Round, memory: Memory, limits: Limits, why: str) -> Report:
    def shown(notes: tuple[Note, ...]) -> tuple[dict[str, str], ...]:
        return tuple({"name": note.name, "reason": note.reason[: limits.reason]} for note in notes[: limits.names])

    left = result.stuck + result.moving + result.held
    return Report(
        verdict=verdict,
        done=verdict is Verdict.EMPTY,
        deleted=result.deleted[: limits.names],
        waiting_for=shown(result.moving + result.held),
        stuck=shown(result.stuck),
        left=result.left,
        pause=memory.pause,
        cause=explain(why, left, limits) if verdict is Verdict.GAVE_UP else "",
        memory=memory,
    )
