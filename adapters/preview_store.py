"""Tasks that a requester looks at before there is a job: in the table of the portal, for a day."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from typing import Any

from adapters.aws_errors import translated
from adapters.dynamo_values import dynamo_values


@dataclass(frozen=True)
class Preview:
    """`template` is the worker's page, `input` what it is about."""

    template: str
    input: dict[str, Any]
    title: str


class DynamoPreviewStore:
    """Previews by a name that nobody guesses."""

    def __init__(self, client: Any, table: str) -> None:
        self._client = client
        self._table = table

    def keep(self, template: str, task_input: dict[str, Any], title: str, until: float) -> str:
        """The preview's name."""
        name = secrets.token_urlsafe(24)
        document = json.dumps({"template": template, "input": task_input, "title": title})
        item = {"pk": f"preview#{name}", "sk": "preview", "document": document, "expires_at": round(until)}
        with translated(f"keep a preview in table {self._table}"):
            self._client.put_item(TableName=self._table, Item=dynamo_values(item))
        return name

    def find(self, name: str, now: float) -> Preview | None:
        key = {"pk": {"S": f"preview#{name}"}, "sk": {"S": "preview"}}
        with translated(f"look for a preview in table {self._table}"):
            item = self._client.get_item(TableName=self._table, Key=key, ConsistentRead=True).get("Item")
        if item is None or int(item["expires_at"]["N"]) <= now:
            return None
        return Preview(**json.loads(item["document"]["S"]))
