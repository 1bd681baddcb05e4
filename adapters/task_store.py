"""The portal's jobs in DynamoDB: one table, whose sparse index `open` has what somebody could be given.

| pk            | sk               | holds                           | attributes that conditions and index look at   |
|---------------|------------------|---------------------------------|------------------------------------------------|
| jobs          | <job>            | `domain.tasks.model.Job`        | version                                        |
| <job>         | gate#<n>         | counters (`Gate`)               | is_open, finished, votes                       |
| <job>         | worker#<id>      | `domain.tasks.model.WorkerState`| version                                        |
| <job>#<block> | object#<n>       | `domain.tasks.model.TaskObject` | version; open_in (<job>#<place>), open_at      |

At `expires_at` DynamoDB drops an item by itself, half a year after its job's last day; what people answered stands in
S3 since the job's end.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import Any

from botocore.exceptions import ClientError

from adapters.aws_errors import error_code, translated
from adapters.dynamo_values import dynamo_values
from adapters.task_items import (
    JOBS,
    block_name,
    expires_at,
    gate_key,
    item_of,
    job_of,
    milliseconds,
    object_item,
    object_key,
    object_of,
    parts_of,
    worker_key,
)
from domain.errors import ServiceUnavailable
from domain.tasks.model import GATES, Changes, Gate, Job, TaskObject, WorkerState, opening
from domain.tasks.store import Conflict, GateClosed

INDEX = "open"
_WRITERS = 8
_LOOKS = 5
_REFUSED, _CONFLICT = "ConditionalCheckFailed", "TransactionConflict"
_TOO_FAST = frozenset({"ProvisionedThroughputExceeded", "ThrottlingError"})
"""Of a cancelled transaction: docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html"""


class DynamoTaskStore:
    """Fulfils `domain.tasks.store.TaskStore`."""

    def __init__(self, client: Any, table: str, pause: Callable[[float], None] = time.sleep) -> None:
        self._client = client
        self._table = table
        self._pause = pause

    def add_job(self, job: Job) -> bool:
        return self._put_job(job, "attribute_not_exists(pk)")

    def add_objects(self, job: Job, objects: Iterable[TaskObject]) -> None:
        expires = dynamo_values({"expires_at": expires_at(job.expires)})
        gates = [
            {**gate_key(job.name, number), **dynamo_values({"is_open": True, "finished": 0, "votes": 0}), **expires}
            for number in range(GATES)
        ]
        parts = parts_of({**object_item(item), **expires} for item in objects)
        self._add(gates)
        with ThreadPoolExecutor(_WRITERS) as pool:
            while some := list(islice(parts, 8 * _WRITERS)):  # a million objects would not fit into memory at once
                list(pool.map(self._add, some))

    def job(self, name: str) -> Job | None:
        item = self._get(dynamo_values({"pk": JOBS, "sk": name}))
        return job_of(item) if item else None

    def jobs(self) -> list[Job]:
        return [job_of(item) for item in self._query("pk = :pk", {":pk": JOBS}, "list the jobs")]

    def save_job(self, job: Job) -> Job:
        saved = job.model_copy(update={"version": job.version + 1})
        if not self._put_job(saved, "version = :version", {":version": job.version}):
            raise Conflict
        return saved

    def look(
        self, job: str, worker: str, number: int | None = None
    ) -> tuple[Job | None, WorkerState | None, TaskObject | None]:
        asked = [] if number is None else [object_key(job, number)]
        keys = [dynamo_values({"pk": JOBS, "sk": job}), worker_key(job, worker), *asked]
        found = {item["pk"]["S"]: item for item in self._get_all(keys)}
        state = found.pop(job, None)
        kept = found.pop(JOBS, None)
        return (
            job_of(kept) if kept else None,
            WorkerState.model_validate_json(state["document"]["S"]) if state else None,
            next(map(object_of, found.values()), None),
        )

    def find(self, job: str, number: int) -> TaskObject | None:
        item = self._get(object_key(job, number))
        return object_of(item) if item else None

    def objects(self, job: Job) -> Iterator[TaskObject]:
        def block(number: int) -> list[TaskObject]:
            where = {":pk": block_name(job.name, number)}
            found = self._query("pk = :pk", where, "read objects", ConsistentRead=True)  # with the answer just given
            return [object_of(item) for item in found]

        with ThreadPoolExecutor(_WRITERS) as pool:
            for found in pool.map(block, range(job.blocks)):
                yield from found

    def workers(self, job: str) -> list[WorkerState]:
        items = self._query("pk = :pk AND begins_with(sk, :sk)", {":pk": job, ":sk": "worker#"}, "list the workers")
        return [WorkerState.model_validate_json(item["document"]["S"]) for item in items]

    def open_in(
        self, job: str, place: int | str, until: float | None = None, page: int | None = None
    ) -> Iterator[TaskObject]:
        condition, values = "open_in = :place", dict[str, Any]({":place": block_name(job, place)})
        if until is not None:
            condition, values = f"{condition} AND open_at <= :until", {**values, ":until": milliseconds(until)}
        limit = {} if page is None else {"Limit": page}
        return map(object_of, self._query(condition, values, f"look for tasks of {job}", IndexName=INDEX, **limit))

    def count_open(self, job: str, place: int | str) -> int:
        request = {
            "TableName": self._table,
            "IndexName": INDEX,
            "KeyConditionExpression": "open_in = :place",
            "ExpressionAttributeValues": dynamo_values({":place": block_name(job, place)}),
            "Select": "COUNT",
        }
        with translated(f"count tasks of {job} in table {self._table}"):
            return sum(int(page["Count"]) for page in self._client.get_paginator("query").paginate(**request))

    def write(self, changes: Changes, now: float) -> None:
        writes = [self._object_update(item, now) for item in changes.objects]
        if changes.worker is not None:
            writes.append(self._worker_put(changes.worker, now))
        gated = changes.gate is not None
        if changes.gate is not None:
            writes.append(self._gate_update(changes.job, changes.gate, changes))
        self._transact(writes, f"write tasks of {changes.job}", gated=gated)

    def gates(self, job: str) -> list[Gate]:
        items = self._query(
            "pk = :pk AND begins_with(sk, :sk)", {":pk": job, ":sk": "gate#"}, "count votes", ConsistentRead=True
        )
        return [
            Gate(
                int(item["sk"]["S"].removeprefix("gate#")),
                item["is_open"]["BOOL"],
                int(item["finished"]["N"]),
                int(item["votes"]["N"]),
            )
            for item in items
        ]

    def close_gates(self, job: str) -> None:
        for gate in self.gates(job):
            with translated(f"close gate {gate.number} of {job} in table {self._table}"):
                self._client.update_item(
                    TableName=self._table,
                    Key=gate_key(job, gate.number),
                    UpdateExpression="SET is_open = :no",
                    ConditionExpression="attribute_exists(pk)",
                    ExpressionAttributeValues=dynamo_values({":no": False}),
                )

    # -- writing -------------------------------------------------------------------------------------------------------

    def _put_job(self, job: Job, condition: str, values: dict[str, Any] | None = None) -> bool:
        item = item_of({"pk": JOBS, "sk": job.name}, job, version=job.version, expires_at=expires_at(job.expires))
        extra = {"ExpressionAttributeValues": dynamo_values(values)} if values else {}
        with translated(f"write job {job.name} in table {self._table}"):
            try:
                self._client.put_item(TableName=self._table, Item=item, ConditionExpression=condition, **extra)
            except ClientError as error:
                if error_code(error) == "ConditionalCheckFailedException":
                    return False
                raise
        return True

    def _add(self, items: list[dict[str, Any]]) -> None:
        """All of them, or none: then they are there already."""
        put = {"TableName": self._table, "ConditionExpression": "attribute_not_exists(pk)"}
        for attempt in range(_LOOKS):
            try:
                return self._transact([{"Put": {**put, "Item": item}} for item in items], "add objects")
            except _Refused:
                return None
            except Conflict:
                self._pause(0.05 * 2**attempt)
        raise ServiceUnavailable(f"objects could not be added to table {self._table}: others write them too")

    def _object_update(self, item: TaskObject, now: float) -> dict[str, Any]:
        kept = item.model_copy(update={"version": item.version + 1})
        values: dict[str, Any] = {":document": kept.model_dump_json(), ":new": kept.version, ":old": item.version}
        place = opening(kept, now)
        if place is None:
            update = "SET document = :document, version = :new REMOVE open_in, open_at"
        else:
            update = "SET document = :document, version = :new, open_in = :place, open_at = :at"
            values |= {":place": block_name(item.job, place[0]), ":at": milliseconds(place[1])}
        return {
            "Update": {
                "TableName": self._table,
                "Key": object_key(item.job, item.number),
                "UpdateExpression": update,
                "ConditionExpression": "version = :old",
                "ExpressionAttributeValues": dynamo_values(values),
            }
        }

    def _worker_put(self, state: WorkerState, now: float) -> dict[str, Any]:
        kept = state.model_copy(update={"version": state.version + 1})
        key = {"pk": state.job, "sk": f"worker#{state.worker}"}
        put = {
            "TableName": self._table,
            "Item": item_of(key, kept, version=kept.version, expires_at=expires_at(now)),
            "ConditionExpression": "version = :old" if state.version else "attribute_not_exists(pk)",
        }
        if state.version:
            put["ExpressionAttributeValues"] = dynamo_values({":old": state.version})
        return {"Put": put}

    def _gate_update(self, job: str, number: int, changes: Changes) -> dict[str, Any]:
        values = {":yes": True, ":votes": changes.votes, ":finished": changes.finished}
        return {
            "Update": {
                "TableName": self._table,
                "Key": gate_key(job, number),
                "UpdateExpression": "ADD votes :votes, finished :finished",
                "ConditionExpression": "is_open = :yes",
                "ExpressionAttributeValues": dynamo_values(values),
            }
        }

    def _transact(self, writes: list[dict[str, Any]], what: str, *, gated: bool = False) -> None:
        """`gated`: the last one is a gate's. Botocore does not try again what was cancelled for going too fast."""
        for attempt in range(_LOOKS):
            with translated(f"{what} in table {self._table}"):
                try:
                    self._client.transact_write_items(TransactItems=writes)
                except ClientError as error:
                    codes = [reason.get("Code") for reason in error.response.get("CancellationReasons", [])]
                    if gated and codes and codes[-1] == _REFUSED:
                        raise GateClosed from error
                    if _REFUSED in codes:
                        raise _Refused from error
                    if _CONFLICT in codes:
                        raise Conflict from error
                    if _TOO_FAST.isdisjoint(codes):
                        raise
                else:
                    return
            self._pause(0.05 * 2**attempt)
        raise ServiceUnavailable(f"{what}: table {self._table} is busy; try again")

    # -- reading -------------------------------------------------------------------------------------------------------

    def _get(self, key: dict[str, Any]) -> dict[str, Any] | None:
        with translated(f"read {key['sk']['S']} of {key['pk']['S']} in table {self._table}"):
            answer = self._client.get_item(TableName=self._table, Key=key, ConsistentRead=True)
        item: dict[str, Any] | None = answer.get("Item")
        return item

    def _get_all(self, keys: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        """Those that there are."""
        wanted: dict[str, Any] = {self._table: {"Keys": keys, "ConsistentRead": True}}
        for attempt in range(_LOOKS):
            with translated(f"read tasks in table {self._table}"):
                answer = self._client.batch_get_item(RequestItems=wanted)
            yield from answer["Responses"].get(self._table, [])
            wanted = answer.get("UnprocessedKeys") or {}
            if not wanted:
                return
            self._pause(0.05 * 2**attempt)
        raise ServiceUnavailable(f"table {self._table} is busy; try again")

    def _query(self, condition: str, values: dict[str, Any], what: str, **options: Any) -> Iterator[dict[str, Any]]:
        request = {
            "TableName": self._table,
            "KeyConditionExpression": condition,
            "ExpressionAttributeValues": dynamo_values(values),
            **options,
        }
        with translated(f"{what} in table {self._table}"):
            for page in self._client.get_paginator("query").paginate(**request):
                yield from page["Items"]


class _Refused(Conflict):
    """A condition did not hold."""
