"""When teardown goes on, how long it pauses, and when it gives up: what one round tells about the whole."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from pydantic import BaseModel, ConfigDict

from domain.teardown.plan import Note


class Verdict(str, Enum):
    """EMPTY: nothing is left. AGAIN: pause and take another step. GAVE_UP: something is left. LISTED: a dry run."""

    EMPTY = "empty"
    AGAIN = "again"
    GAVE_UP = "gave-up"
    LISTED = "listed"


class Memory(BaseModel):
    """What one step hands to the next; times in seconds of the epoch.

    home_file_system: the domain's file system, remembered because the domain that names it is deleted first.
    fewest: the smallest number of left-overs that a complete look has seen; only a smaller one is progress, so that
        a resource that fails and is deleted again and again cannot keep teardown busy for ever.
    hopeless_since: since when nothing moved and what is left cannot be deleted.
    empty_looks: how many looks in a row have found nothing.
    batched_count: how many of `deleted_count` are of kinds that go in batches.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    started: float | None = None
    home_file_system: str | None = None
    fewest: int | None = None
    progress_at: float | None = None
    hopeless_since: float | None = None
    rounds: int = 0
    empty_looks: int = 0
    pause: int = 0
    deleted: tuple[str, ...] = ()
    deleted_count: int = 0
    batched_count: int = 0


@dataclass(frozen=True)
class Limits:
    """Bounds of a teardown, in seconds unless said otherwise.

    empty_looks: lists lag behind; what a single one does not show may still be there.
    actions: deletions a step; 200 log streams, their jobs' tags asked first, are half a minute.
    no_progress: an app may be Pending for 20 minutes and then take 20 more to be deleted.
    hopeless: long enough for a role's new permissions to reach every service.
    total: for apps, then spaces, profiles and domain, with room; stays far below Step Functions' history limit.
    names, reason: how many names a report lists and how many characters of each reason, so that a payload stays far
        below 256 KiB.
    """

    empty_looks: int = 2
    actions: int = 200
    longest_pause: int = 30
    no_progress: float = 45 * 60
    hopeless: float = 60
    total: float = 4 * 3600
    names: int = 100
    reason: int = 300


@dataclass(frozen=True)
class Round:
    """One step's result.

    left: number of left-overs seen. complete: every list was read to its end.
    deleted: keys of what was asked to go, or had gone meanwhile. batched: those of them whose kind goes in batches.
    moving: will change by itself or by another request.
    held: waits for its holders. stuck: refused in a way that a retry would not change.
    """

    left: int
    complete: bool
    deleted: tuple[str, ...] = ()
    batched: frozenset[str] = frozenset()
    moving: tuple[Note, ...] = ()
    held: tuple[Note, ...] = ()
    stuck: tuple[Note, ...] = ()
    home_file_system: str | None = None

    @property
    def empty(self) -> bool:
        return self.complete and self.left == 0

    @property
    def hopeless(self) -> bool:
        return not self.empty and not self.moving and not self.deleted


def advance(memory: Memory, result: Round, now: float, limits: Limits) -> Memory:
    """The memory after a round at time `now`."""
    fewer = result.complete and (memory.fewest is None or result.left < memory.fewest)
    # Of a batch nobody knows how many are left behind it; but what it deletes is gone at once, so it does get on.
    progress = fewer or bool(result.batched)
    fresh = tuple(key for key in result.deleted if key not in memory.deleted)
    return Memory(
        started=_since(memory.started, now),
        home_file_system=result.home_file_system or memory.home_file_system,
        fewest=result.left if fewer else memory.fewest,
        progress_at=now if progress else _since(memory.progress_at, now),
        hopeless_since=_since(memory.hopeless_since, now) if result.hopeless else None,
        rounds=memory.rounds + 1,
        empty_looks=memory.empty_looks + 1 if result.empty else 0,
        pause=_pause(memory, progress, limits),
        deleted=(memory.deleted + _worth_naming(fresh, memory, result, limits))[: limits.names],
        deleted_count=memory.deleted_count + len(fresh),
        batched_count=memory.batched_count + len(result.batched.intersection(fresh)),
    )


def _worth_naming(fresh: tuple[str, ...], memory: Memory, result: Round, limits: Limits) -> tuple[str, ...]:
    """Batches get half of the names: thousands of log streams must not crowd out the domain."""
    room = max(0, limits.names // 2 - memory.batched_count)
    batched = [key for key in fresh if key in result.batched][:room]
    return tuple(key for key in fresh if key not in result.batched or key in batched)


def _since(before: float | None, now: float) -> float:
    return now if before is None else before


def _pause(memory: Memory, progress: bool, limits: Limits) -> int:
    """Seconds until the next look: short after progress, then doubling.

    The floor grows by a second every hundred rounds: four hours are then at most 1,700 rounds of nine events each,
    below the 25,000 events that an execution's history may have.
    """
    floor = 1 + memory.rounds // 100
    wished = floor if progress else max(floor, memory.pause * 2)
    return min(limits.longest_pause, wished)


def is_proven_empty(memory: Memory, limits: Limits) -> bool:
    """Enough looks in a row found nothing. `memory` is that after the round."""
    return memory.empty_looks >= limits.empty_looks


def why_give_up(memory: Memory, now: float, limits: Limits) -> str:
    """The bound that is passed, in words; empty while teardown may go on. `memory` is that after the round."""
    if memory.hopeless_since is not None and now - memory.hopeless_since >= limits.hopeless:
        return f"nothing that is left could be deleted for {now - memory.hopeless_since:.0f} s"
    if memory.progress_at is not None and now - memory.progress_at >= limits.no_progress:
        return f"no progress for {now - memory.progress_at:.0f} s"
    if memory.started is not None and now - memory.started >= limits.total:
        return f"not finished after {now - memory.started:.0f} s"
    return ""


def explain(why: str, notes: tuple[Note, ...], limits: Limits) -> str:
    """The left-overs by name, each with its reason: the cause that people read when teardown gave up."""
    lines = [f"{note.name}: {note.reason[: limits.reason]}" for note in notes[: limits.names]]
    if len(notes) > limits.names:
        lines.append(f"and {len(notes) - limits.names} more")
    listing = "; ".join(lines)
    return f"Teardown gave up, {why}. Left: {listing}. Remove the reasons, then start the teardown again."
