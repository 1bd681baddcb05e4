"""The tables of a stage, for moto."""

from __future__ import annotations

from typing import Any


def make_ledger(dynamodb: Any) -> None:
    dynamodb.create_table(TableName="ledger", AttributeDefinitions=_texts("pk", "sk"), **_KEYED)


def make_tasks(dynamodb: Any) -> None:
    """As stacks/constructs/labeling/task_table.py has it."""
    index = {
        "IndexName": "open",
        "KeySchema": [
            {"AttributeName": "open_in", "KeyType": "HASH"},
            {"AttributeName": "open_at", "KeyType": "RANGE"},
        ],
        "Projection": {"ProjectionType": "ALL"},
    }
    number = {"AttributeName": "open_at", "AttributeType": "N"}
    dynamodb.create_table(
        TableName="tasks",
        AttributeDefinitions=[*_texts("pk", "sk", "open_in"), number],
        GlobalSecondaryIndexes=[index],
        **_KEYED,
    )


def _texts(*names: str) -> list[dict[str, str]]:
    return [{"AttributeName": name, "AttributeType": "S"} for name in names]


_KEYED: dict[str, Any] = {
    "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
    "BillingMode": "PAY_PER_REQUEST",
}
