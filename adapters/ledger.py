"""The ledger in DynamoDB: one table, one partition a data set.

| sk          | holds                          | attributes that conditions look at |
|-------------|--------------------------------|------------------------------------|
| lease       | `domain.workflow.ledger.Lease`          | holder, held_until, token          |
| head        | `domain.workflow.ledger.Head`           | number                             |
| run#<id>    | `domain.workflow.ledger.RunRecord`      | published                          |
| labels      | `domain.workflow.ledger.NewestLabels`   | collected                          |
| labeling#<id> | the name of the run's labeling back end | |

Who waits for a labeling job (`domain.workflow.states.AwaitRequest`) has a partition of its own, `labeling-job#<name>`.

A released lease stays, without a holder, because its token must go on growing. Nothing here uses `expires_at`: at that
attribute DynamoDB drops items by itself.
"""

from __future__ import annotations

from typing import Any, TypeVar

from botocore.exceptions import ClientError
from pydantic import BaseModel

from adapters.aws_errors import error_code, translated
from adapters.dynamo_values import dynamo_values
from domain.errors import LeaseLost
from domain.workflow.inputs import AugmentOutput
from domain.workflow.ledger import Head, Lease, NewestLabels, RunRecord
from domain.workflow.states import AwaitRequest

_Record = TypeVar("_Record", bound=BaseModel)
_CONDITION_FAILED = "ConditionalCheckFailedException"


class DynamoLedger:
    """Fulfils `domain.workflow.ports.Ledger`."""

    def __init__(self, client: Any, table: str) -> None:
        self._client = client
        self._table = table

    def acquire(self, dataset: str, run_id: str, execution: str, now: float, seconds: float) -> Lease | None:
        held = self.lease(dataset)
        mine = held is not None and held.execution == execution
        token = held.token if held is not None and mine else self._last_token(dataset) + 1
        lease = Lease(dataset=dataset, run_id=run_id, execution=execution, token=token, held_until=now + seconds)
        taken = self._put(
            _item(dataset, "lease", lease, holder=execution, held_until=lease.held_until, token=token),
            # The token that was read is still the last one, and nobody else holds the lease.
            "attribute_not_exists(pk) OR holder = :holder"
            " OR (#token = :last AND (attribute_not_exists(holder) OR held_until < :now))",
            names={"#token": "token"},
            values={":holder": execution, ":last": token - 1, ":now": now},
        )
        return lease if taken else None

    def lease(self, dataset: str) -> Lease | None:
        item = self._get(dataset, "lease")
        return Lease.model_validate_json(item["document"]["S"]) if item and "holder" in item else None

    def release(self, dataset: str, execution: str) -> bool:
        return self._update(
            dataset,
            "lease",
            "REMOVE holder, document SET held_until = :zero",
            "holder = :holder",
            {":holder": execution, ":zero": 0},
        )

    def run(self, dataset: str, run_id: str) -> RunRecord | None:
        return self._record(RunRecord, dataset, f"run#{run_id}")

    def start_run(self, record: RunRecord) -> None:
        self._put(_item(record.dataset, f"run#{record.run_id}", record), "attribute_not_exists(published)")

    def fail_run(self, dataset: str, run_id: str, reason: str) -> None:
        record = self.run(dataset, run_id)
        if record is not None:
            self.start_run(record.model_copy(update={"failure": reason[:2_000]}))

    def publish(self, record: RunRecord, token: int, result: AugmentOutput) -> None:
        head = Head(dataset=record.dataset, number=record.number, version=record.version, run_id=record.run_id)
        done = record.model_copy(update={"result": result, "failure": ""})
        request = [
            {
                "ConditionCheck": {
                    "TableName": self._table,
                    "Key": _key(record.dataset, "lease"),
                    "ConditionExpression": "#token = :token AND attribute_exists(holder)",
                    "ExpressionAttributeNames": {"#token": "token"},
                    "ExpressionAttributeValues": dynamo_values({":token": token}),
                }
            },
            {
                "Put": {
                    "TableName": self._table,
                    "Item": _item(record.dataset, "head", head, number=record.number),
                    "ConditionExpression": "attribute_not_exists(pk) OR #number < :number",
                    "ExpressionAttributeNames": {"#number": "number"},
                    "ExpressionAttributeValues": dynamo_values({":number": record.number}),
                }
            },
            {
                "Put": {
                    "TableName": self._table,
                    "Item": _item(record.dataset, f"run#{record.run_id}", done, published=1),
                    "ConditionExpression": "attribute_not_exists(published)",
                }
            },
        ]
        with translated(f"publish {record.dataset} {record.version} in table {self._table}"):
            try:
                self._client.transact_write_items(TransactItems=request)
            except ClientError as error:
                if not _condition_failed(error):
                    raise
                self._explain_lost(record, token, error)

    def keep_backend(self, dataset: str, run_id: str, backend: str) -> str:
        key = f"labeling#{run_id}"
        self._put({**_key(dataset, key), **dynamo_values({"backend": backend})}, "attribute_not_exists(pk)")
        return self.backend(dataset, run_id) or backend

    def backend(self, dataset: str, run_id: str) -> str | None:
        item = self._get(dataset, f"labeling#{run_id}")
        return str(item["backend"]["S"]) if item else None

    def head(self, dataset: str) -> Head | None:
        return self._record(Head, dataset, "head")

    def record_labels(self, labels: NewestLabels) -> None:
        self._put(
            _item(labels.dataset, "labels", labels, collected=labels.collected),
            "attribute_not_exists(pk) OR collected <= :collected",
            values={":collected": labels.collected},
        )

    def newest_labels(self, dataset: str) -> NewestLabels | None:
        return self._record(NewestLabels, dataset, "labels")

    def watch(self, request: AwaitRequest) -> None:
        item = dynamo_values({**_job_key(request.job.name), "document": request.model_dump_json()})
        with translated(f"keep who waits for {request.job.name} in table {self._table}"):
            self._client.put_item(TableName=self._table, Item=item)

    def watched(self, job: str) -> AwaitRequest | None:
        with translated(f"read who waits for {job} in table {self._table}"):
            key = dynamo_values(_job_key(job))
            answer = self._client.get_item(TableName=self._table, Key=key, ConsistentRead=True)
        item = answer.get("Item")
        return AwaitRequest.model_validate_json(item["document"]["S"]) if item else None

    def _explain_lost(self, record: RunRecord, token: int, error: ClientError) -> None:
        """A transaction whose answer was lost is made again by botocore and then fails on its own success."""
        known = self.run(record.dataset, record.run_id)
        if known is not None and known.result is not None and known.version == record.version:
            return
        raise LeaseLost(
            f"version {record.version} of {record.dataset!r} was not published: its lease (token {token}) has expired "
            "and another run has taken over; that run publishes in its place"
        ) from error

    def _last_token(self, dataset: str) -> int:
        item = self._get(dataset, "lease")
        return int(item["token"]["N"]) if item else 0

    def _record(self, model: type[_Record], dataset: str, sort_key: str) -> _Record | None:
        item = self._get(dataset, sort_key)
        return model.model_validate_json(item["document"]["S"]) if item else None

    def _get(self, dataset: str, sort_key: str) -> dict[str, Any] | None:
        with translated(f"read {sort_key} of {dataset} in table {self._table}"):
            answer = self._client.get_item(TableName=self._table, Key=_key(dataset, sort_key), ConsistentRead=True)
        item: dict[str, Any] | None = answer.get("Item")
        return item

    def _put(
        self,
        item: dict[str, Any],
        condition: str,
        values: dict[str, Any] | None = None,
        names: dict[str, str] | None = None,
    ) -> bool:
        extra: dict[str, Any] = {"ExpressionAttributeValues": dynamo_values(values)} if values else {}
        if names:
            extra["ExpressionAttributeNames"] = names
        with translated(f"write {item['sk']['S']} of {item['pk']['S']} in table {self._table}"):
            return _happened(
                self._client.put_item, TableName=self._table, Item=item, ConditionExpression=condition, **extra
            )

    def _update(self, dataset: str, sort_key: str, update: str, condition: str, values: dict[str, Any]) -> bool:
        with translated(f"update {sort_key} of {dataset} in table {self._table}"):
            return _happened(
                self._client.update_item,
                TableName=self._table,
                Key=_key(dataset, sort_key),
                UpdateExpression=update,
                ConditionExpression=condition,
                ExpressionAttributeValues=dynamo_values(values),
            )


def _happened(call: Any, **arguments: Any) -> bool:
    """Whether a conditional write met its condition."""
    try:
        call(**arguments)
    except ClientError as error:
        if error_code(error) == _CONDITION_FAILED:
            return False
        raise
    return True


def _condition_failed(error: ClientError) -> bool:
    reasons = error.response.get("CancellationReasons", [])
    return any(reason.get("Code") == "ConditionalCheckFailed" for reason in reasons)


def _job_key(job: str) -> dict[str, str]:
    """In small letters, as ARNs of labeling jobs are."""
    return {"pk": f"labeling-job#{job.lower()}", "sk": "watch"}


def _key(dataset: str, sort_key: str) -> dict[str, Any]:
    return dynamo_values({"pk": f"dataset#{dataset}", "sk": sort_key})


def _item(dataset: str, sort_key: str, record: BaseModel, **attributes: Any) -> dict[str, Any]:
    return {**_key(dataset, sort_key), **dynamo_values({"document": record.model_dump_json(), **attributes})}
