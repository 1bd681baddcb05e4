"""The teardown plan: kinds of resources in order, what holds what, and what to do next about a snapshot.

The order is AWS's: a schedule starts executions, an execution starts jobs; an app lives in a space or profile,
a private space belongs to a profile, all of them live in the domain; the domain mounts the file system, whose mount
targets use the two NFS security groups, which reference each other by their rules. Logs come last: they cost next to
nothing, there can be thousands of them, and what costs by the hour must not wait for them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum


class Kind(str, Enum):
    """Kinds in plan order: they are listed and acted upon in this order in every round.

    The order of listing makes the last look a proof: once no schedule was seen, nothing of ours starts executions any
    more; once no execution was seen after that, nothing starts jobs.
    """

    SCHEDULE = "schedule"
    EXECUTION = "execution"
    LABELING_JOB = "labeling job"
    PROCESSING_JOB = "processing job"
    APP = "app"
    SPACE = "space"
    USER_PROFILE = "user profile"
    DOMAIN = "domain"
    ACCESS_POINT = "access point"
    MOUNT_TARGET = "mount target"
    FILE_SYSTEM = "file system"
    SECURITY_GROUP_RULES = "rules of security group"
    SECURITY_GROUP = "security group"
    LOG_STREAM = "log stream"
    LOG_GROUP = "log group"


WORK = frozenset({Kind.SCHEDULE, Kind.EXECUTION, Kind.LABELING_JOB, Kind.PROCESSING_JOB})
"""What runs for the stage, whichever domain it has."""

STUDIO = frozenset(Kind) - WORK - {Kind.LOG_STREAM, Kind.LOG_GROUP}
"""What hangs on one domain."""


@dataclass(frozen=True)
class KindPlan:
    """What is known of one kind.

    held_by: kinds of which nothing that holds the item may be left before the item is deleted.
    gone: statuses that AWS still lists but that neither cost nor block anything.
    moving: statuses that end by themselves; a delete request would be refused.
    in_batches: there can be thousands, and a deleted one is gone at once: a step lists as many as it may delete.
    """

    held_by: tuple[Kind, ...] = ()
    gone: frozenset[str] = frozenset()
    moving: frozenset[str] = frozenset()
    in_batches: bool = False


_STUDIO_MOVING = frozenset({"Pending", "Updating", "Deleting"})
_EFS_GONE = frozenset({"deleted"})
_EFS_MOVING = frozenset({"creating", "updating", "deleting"})

PLAN: Mapping[Kind, KindPlan] = {
    # Schedules, executions and jobs hold nothing of the studio: if one of them is stuck, the apps,
    # which cost more, must not go on running because of it.
    Kind.SCHEDULE: KindPlan(),
    Kind.EXECUTION: KindPlan(),
    Kind.LABELING_JOB: KindPlan(gone=frozenset({"Completed", "Failed", "Stopped"}), moving=frozenset({"Stopping"})),
    Kind.PROCESSING_JOB: KindPlan(gone=frozenset({"Completed", "Failed", "Stopped"}), moving=frozenset({"Stopping"})),
    # A deleted app is listed for 24 hours; a failed one can neither be deleted nor does it block anything.
    Kind.APP: KindPlan(gone=frozenset({"Deleted", "Failed"}), moving=frozenset({"Pending", "Deleting"})),
    Kind.SPACE: KindPlan(held_by=(Kind.APP,), moving=_STUDIO_MOVING),
    Kind.USER_PROFILE: KindPlan(held_by=(Kind.APP, Kind.SPACE), moving=_STUDIO_MOVING),
    Kind.DOMAIN: KindPlan(held_by=(Kind.APP, Kind.SPACE, Kind.USER_PROFILE), moving=_STUDIO_MOVING),
    Kind.ACCESS_POINT: KindPlan(held_by=(Kind.DOMAIN,), gone=_EFS_GONE, moving=_EFS_MOVING),
    Kind.MOUNT_TARGET: KindPlan(held_by=(Kind.DOMAIN,), gone=_EFS_GONE, moving=_EFS_MOVING),
    Kind.FILE_SYSTEM: KindPlan(
        held_by=(Kind.DOMAIN, Kind.ACCESS_POINT, Kind.MOUNT_TARGET), gone=_EFS_GONE, moving=_EFS_MOVING
    ),
    Kind.SECURITY_GROUP_RULES: KindPlan(held_by=(Kind.DOMAIN, Kind.MOUNT_TARGET)),
    Kind.SECURITY_GROUP: KindPlan(held_by=(Kind.DOMAIN, Kind.MOUNT_TARGET, Kind.SECURITY_GROUP_RULES)),
    # A running job goes on writing: its streams would come again.
    Kind.LOG_STREAM: KindPlan(held_by=(Kind.PROCESSING_JOB,), in_batches=True),
    Kind.LOG_GROUP: KindPlan(held_by=(Kind.PROCESSING_JOB, Kind.LOG_STREAM)),
}


@dataclass(frozen=True)
class Item:
    """One resource as AWS lists it.

    address: what the delete request needs beside the kind, by the API's own member names.
    lives_in: keys of the spaces, profiles and domain that it keeps from being deleted; None: everything that the
        plan says its kind can hold.
    failure: AWS's FailureReason where the status is a failed one.
    turn: among those of its kind a smaller one is acted upon first.
    """

    kind: Kind
    name: str
    status: str = ""
    address: Mapping[str, object] = field(default_factory=dict)
    lives_in: frozenset[str] | None = None
    failure: str = ""
    turn: int = 0

    @property
    def key(self) -> str:
        return key_of(self.kind, self.name)


def key_of(kind: Kind, name: str) -> str:
    """How an item is named in reports, for example `app Canvas/default of user profile alice`."""
    return f"{kind.value} {name}"


@dataclass(frozen=True)
class Unread:
    """A kind whose list was not read to its end. `passing`: a later look may succeed; `batch`: on purpose."""

    kind: Kind
    reason: str
    passing: bool
    batch: bool = False


@dataclass(frozen=True)
class Snapshot:
    """One look at everything in scope; `items` may be incomplete for kinds in `unread`."""

    items: tuple[Item, ...] = ()
    unread: tuple[Unread, ...] = ()


@dataclass(frozen=True)
class Note:
    """An item by name and why it is still there."""

    name: str
    reason: str


@dataclass(frozen=True)
class Decision:
    """What to do about a snapshot: delete `actions` now, wait for `moving`, leave `held` until its holders are gone."""

    actions: tuple[Item, ...]
    moving: tuple[Note, ...]
    held: tuple[Note, ...]
    unread: tuple[Unread, ...]

    @property
    def empty(self) -> bool:
        """Nothing is left, and everything could be listed: only this is success."""
        return not (self.actions or self.moving or self.held or self.unread)


def decide(snapshot: Snapshot) -> Decision:
    """What can be deleted now, in plan order, and why the rest cannot."""
    left = _in_plan_order([item for item in snapshot.items if item.status not in PLAN[item.kind].gone])
    actions: list[Item] = []
    moving: list[Note] = []
    held: list[Note] = []
    for item in left:
        holders = _holders(item, left, snapshot.unread)
        if item.status in PLAN[item.kind].moving:
            moving.append(Note(item.key, f"is {item.status}"))
        elif holders:
            held.append(Note(item.key, f"held by {_listing(holders)}"))
        else:
            actions.append(item)
    return Decision(tuple(actions), tuple(moving), tuple(held), snapshot.unread)


def _in_plan_order(items: Sequence[Item]) -> list[Item]:
    """Each once: a job that changes its status between two pages may be listed on both.

    What is gone does not come in here: a deleted app is listed beside the living one that took its name.
    """
    rank = {kind: index for index, kind in enumerate(Kind)}
    latest = {item.key: item for item in items}
    return sorted(latest.values(), key=lambda item: (rank[item.kind], item.turn, item.name))


def _holders(item: Item, left: Sequence[Item], unread: Sequence[Unread]) -> list[str]:
    """Keys of what holds the item. A kind that could not be listed holds: it may hide a holder."""
    kinds = PLAN[item.kind].held_by
    hidden = [f"{gap.kind.value}s that are not listed" for gap in unread if gap.kind in kinds]
    seen = [
        other.key for other in left if other.kind in kinds and (other.lives_in is None or item.key in other.lives_in)
    ]
    return seen + hidden


def _listing(names: Sequence[str], most: int = 3) -> str:
    shown = ", ".join(names[:most])
    return shown if len(names) <= most else f"{shown} and {len(names) - most} more"
