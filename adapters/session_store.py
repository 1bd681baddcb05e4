"""Who is signed in to the portal: in the table of its jobs, under a digest of what the browser keeps.

A session is an item of its own, `pk` = session#<digest>; the index `open` has it by its worker, so that all of a
worker's can be ended. DynamoDB drops it some time after its end, by `expires_at`.
"""

from __future__ import annotations

import hashlib
import secrets
from typing import Any

from adapters.aws_errors import translated
from adapters.dynamo_values import dynamo_values
from adapters.task_store import INDEX
from domain.workforce.model import SignedIn


class DynamoSessionStore:
    """Sessions of the portal."""

    def __init__(self, client: Any, table: str) -> None:
        self._client = client
        self._table = table

    def begin(self, person: SignedIn) -> str:
        """The secret that the browser is to keep."""
        secret = secrets.token_urlsafe(32)
        item = {
            **_key(secret),
            "worker": person.worker,
            "email": person.email,
            "reviewer": person.reviewer,
            "open_in": _sessions_of(person.worker),
            "open_at": round(person.until * 1000),
            "expires_at": round(person.until),
        }
        with translated(f"begin a session in table {self._table}"):
            self._client.put_item(TableName=self._table, Item=dynamo_values(item))
        return secret

    def find(self, secret: str, now: float) -> SignedIn | None:
        """Who it is, as long as the session lasts."""
        with translated(f"look for a session in table {self._table}"):
            answer = self._client.get_item(TableName=self._table, Key=dynamo_values(_key(secret)), ConsistentRead=True)
            item = answer.get("Item")
        if item is None:
            return None
        until = int(item["open_at"]["N"]) / 1000
        reviewer = bool(item.get("reviewer", {}).get("BOOL"))  # a session from before there were any has none
        person = SignedIn(item["worker"]["S"], item["email"]["S"], _digest(secret)[:16], until, reviewer)
        return person if now < until else None

    def end(self, secret: str) -> None:
        with translated(f"end a session in table {self._table}"):
            self._client.delete_item(TableName=self._table, Key=dynamo_values(_key(secret)))

    def end_all(self, worker: str) -> int:
        """How many sessions of the worker were ended."""
        ended = 0
        with translated(f"end the sessions of {worker} in table {self._table}"):
            pages = self._client.get_paginator("query").paginate(
                TableName=self._table,
                IndexName=INDEX,
                KeyConditionExpression="open_in = :worker",
                ExpressionAttributeValues=dynamo_values({":worker": _sessions_of(worker)}),
            )
            for page in pages:
                for item in page["Items"]:
                    self._client.delete_item(TableName=self._table, Key={"pk": item["pk"], "sk": item["sk"]})
                    ended += 1
        return ended


def _digest(secret: str) -> str:
    """The table does not hold what opens a session."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _key(secret: str) -> dict[str, str]:
    return {"pk": f"session#{_digest(secret)}", "sk": "session"}


def _sessions_of(worker: str) -> str:
    return f"sessions#{worker}"
