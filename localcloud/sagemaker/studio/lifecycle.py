"""Asynchronous states: every change of a Studio resource is seen as Pending, Updating or Deleting before it is done."""

from __future__ import annotations

import logging
from collections.abc import Callable

from localcloud.sagemaker import clock, outcomes, store, tags
from localcloud.sagemaker.errors import ApiError
from localcloud.sagemaker.store import Record

_LOG = logging.getLogger(__name__)

# Seconds that a change takes. AWS needs minutes (a domain 5, an app up to 20); these keep the order of magnitudes.
SECONDS = {
    "CreateDomain": 2.0,
    "UpdateDomain": 1.0,
    "DeleteDomain": 2.0,
    "CreateUserProfile": 0.5,
    "UpdateUserProfile": 0.5,
    "DeleteUserProfile": 0.5,
    "CreateSpace": 0.5,
    "UpdateSpace": 0.5,
    "DeleteSpace": 0.5,
    "CreateApp": 1.5,
    "DeleteApp": 1.5,
}
_FAILED = {"Create": "Failed", "Update": "Update_Failed", "Delete": "Delete_Failed"}
_DURING = {"Create": "Pending", "Update": "Updating", "Delete": "Deleting"}
SETTLED = ("InService", "Failed", "Update_Failed", "Delete_Failed")


def same_but_for_case(kind: str, domain_id: str, name: str) -> str | None:
    """The name of a domain's resource that takes this one: their ARNs and home folders do not tell case apart."""
    return next(
        (taken for domain, taken in store.table(kind) if (domain, taken.lower()) == (domain_id, name.lower())), None
    )


def enter(record: Record, status: str) -> None:
    record["Status"] = status
    record["LastModifiedTime"] = clock.now()


def begin(operation: str, record: Record, name: str, done: Callable[[], None], *, failed: str | None = None) -> None:
    """Put the record into the operation's transient state; later `done` runs, or the planned failure shows.

    `done` is called with the store locked, and only when the record is still in that transient state. `failed` is the
    status after a failure where it is not the usual one of the operation.
    """
    verb = operation[:6]
    outcome = outcomes.PLAN.draw(operation, name)
    enter(record, _DURING[verb])
    record.pop("FailureReason", None)

    def end() -> None:
        with store.LOCK:
            if record["Status"] != _DURING[verb]:
                return
            reason = outcome.reason or _attempt(done)
            if reason:
                enter(record, failed or _FAILED[verb])
                record["FailureReason"] = reason

    clock.after(SECONDS[operation] + outcome.delay, end)


def _attempt(done: Callable[[], None]) -> str | None:
    """Why `done` could not be done, if so: somebody may have deleted a subnet or the file system meanwhile."""
    try:
        done()
    except Exception as error:  # noqa: BLE001  (whatever it is, the resource must not hang in a transient state)
        _LOG.exception("a state change failed")
        return f"{type(error).__name__}: {error}"
    return None


def in_service(record: Record) -> Callable[[], None]:
    return lambda: enter(record, "InService")


def found(kind: str, key: object, name: str) -> Record:
    """The record, or ApiError(ResourceNotFound)."""
    record = store.table(kind).get(key)
    if record is None:
        raise ApiError("ResourceNotFound", f"{name} does not exist")
    return record


def snapshot(kind: str) -> list[Record]:
    """Copies of all records of a kind: the clock changes the originals while an answer is being written."""
    with store.LOCK:
        return [dict(record) for record in store.table(kind).values()]


def require_settled(record: Record, name: str) -> None:
    """AWS changes and deletes nothing that is still Pending, Updating or Deleting."""
    if record["Status"] not in SETTLED:
        raise ApiError("ResourceInUse", f"{name} is in status {record['Status']}: wait until it has settled")


def drop(kind: str, key: object, arn: str) -> None:
    store.table(kind).pop(key, None)
    tags.forget(arn)
