"""The portal's jobs as items of DynamoDB: their keys, documents, and what conditions and the index look at."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from pydantic import BaseModel

from adapters.dynamo_values import dynamo_values
from domain.tasks.model import BLOCK, Job, TaskObject, opening

JOBS = "jobs"
_KEPT_SECONDS = 180 * 24 * 3600
_AT_ONCE = 100
"""Items of one transaction: docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html"""


def parts_of(rows: Iterable[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    """The same parts each time, so that a part is there as a whole or not at all."""
    remaining = iter(rows)
    while part := list(islice(remaining, _AT_ONCE)):
        yield part


def object_item(item: TaskObject) -> dict[str, Any]:
    place = opening(item, 0)
    where = {"open_in": block_name(item.job, place[0]), "open_at": milliseconds(place[1])} if place else {}
    return {**object_key(item.job, item.number), **item_of({}, item, version=item.version, **where)}


def item_of(key: dict[str, str], record: BaseModel, **attributes: Any) -> dict[str, Any]:
    return dynamo_values({**key, "document": record.model_dump_json(), **attributes})


def milliseconds(seconds: float) -> int:
    """Milliseconds: the serializer takes no floating point numbers."""
    return round(seconds * 1000)


def expires_at(seconds: float) -> int:
    return round(seconds + _KEPT_SECONDS)


def block_name(job: str, place: int | str) -> str:
    return f"{job}#{place}"


def object_key(job: str, number: int) -> dict[str, Any]:
    return dynamo_values({"pk": block_name(job, number // BLOCK), "sk": f"object#{number:07}"})


def worker_key(job: str, worker: str) -> dict[str, Any]:
    return dynamo_values({"pk": job, "sk": f"worker#{worker}"})


def gate_key(job: str, number: int) -> dict[str, Any]:
    return dynamo_values({"pk": job, "sk": f"gate#{number:02}"})


def job_of(item: dict[str, Any]) -> Job:
    return Job.model_validate_json(item["document"]["S"])


def object_of(item: dict[str, Any]) -> TaskObject:
    return TaskObject.model_validate_json(item["document"]["S"])
