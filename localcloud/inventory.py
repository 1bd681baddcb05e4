"""Everything that exists in the local cloud, over all services.

Derived from the stores of every loaded module of ministack, known or not, and from SageMaker's: a kind of resource
that nobody thought of shows up, and hiding one takes a line below with its reason. What a fresh account has (its
default VPC, event bus, schedule group, …) is excluded by comparison with the inventory at start.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

from ministack.core.responses import AccountRegionScopedDict, AccountScopedDict

from localcloud.clients import client
from localcloud.sagemaker import store

Resource = dict[str, str]
_MODULES = "ministack.services."

# Stores that describe resources of another store, or nothing that an account keeps: properties, tags, histories, queues
# of work, tokens. A resource that is deleted leaves no bill in any of them.
_PARTS: dict[str, set[str]] = {}
# Stores of what AWS goes on listing for a while, and nobody can delete.
_RECORDS: dict[str, set[str]] = {}
_BASELINE: set[tuple[str, str, str]] = set()


def take_baseline() -> None:
    """Remember what a fresh account has. Asking for them makes ministack create the defaults that it creates lazily."""
    client("ec2").describe_vpcs()
    client("events").list_event_buses()
    client("scheduler").list_schedule_groups()
    _BASELINE.update(_identity(resource) for resource in resources())


def resources() -> list[Resource]:
    """Each resource as {"service", "type", "id"}, sorted."""
    found = [*_of_ministack(), *_of_sagemaker()]
    return sorted((item for item in found if _identity(item) not in _BASELINE), key=_identity)


def _identity(resource: Resource) -> tuple[str, str, str]:
    return resource["service"], resource["type"], resource["id"]


def _of_ministack() -> Iterator[Resource]:
    seen: set[int] = set()
    for name, module in sorted(sys.modules.items()):
        if not name.startswith(_MODULES):
            continue
        service = name.removeprefix(_MODULES)
        for attribute, value in sorted(vars(module).items()):
            if not isinstance(value, (AccountScopedDict, AccountRegionScopedDict)) or id(value) in seen:
                continue
            seen.add(id(value))
            if attribute in _PARTS.get(service, ()) or attribute in _RECORDS.get(service, ()):
                continue
            for key, record in list(value._data.items()):
                if not _is_gone(record):
                    yield {"service": service, "type": attribute.strip("_"), "id": _text(key[-1])}


def _is_gone(record: Any) -> bool:
    """Deleted, but still listed for some time, as on AWS."""
    if not isinstance(record, dict):
        return False
    return record.get("State") == "deleted" or record.get("StackStatus") == "DELETE_COMPLETE"


def _text(key: Any) -> str:
    return "/".join(map(str, key)) if isinstance(key, tuple) else str(key)


def _of_sagemaker() -> Iterator[Resource]:
    for kind in store.kinds():
        if kind.startswith("_"):
            continue
        for key, record in list(store.table(kind).items()):
            if not _is_record(kind, record):
                yield {"service": "sagemaker", "type": kind, "id": _text(key)}


def _is_record(kind: str, record: dict[str, Any]) -> bool:
    """Ended jobs cannot be deleted, deleted and failed apps are listed for a day: they cost nothing."""
    if kind.endswith("-job"):
        return any(record.get(f) in ("Completed", "Failed", "Stopped") for f in record if f.endswith("JobStatus"))
    return kind == "app" and record.get("Status") in ("Deleted", "Failed")
