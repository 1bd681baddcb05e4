"""The records of the one account and Region that the local cloud has."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterable, Mapping
from threading import RLock
from typing import Any

from localcloud.sagemaker.errors import ApiError

Record = dict[str, Any]

ACCOUNT = "000000000000"
REGION = "us-east-1"
LOCK = RLock()
_TABLES: dict[str, dict[Any, Record]] = {}
_DEFAULT_PAGE = 10  # SageMaker's MaxResults when the caller gives none


def table(kind: str) -> dict[Any, Record]:
    """The records of one kind by their key. A kind that starts with "_" is bookkeeping, not a resource."""
    with LOCK:
        return _TABLES.setdefault(kind, {})


def kinds() -> list[str]:
    with LOCK:
        return sorted(_TABLES)


def reset() -> None:
    """Forget everything. Tables are emptied in place: modules may hold on to them."""
    with LOCK:
        for records in _TABLES.values():
            records.clear()


def arn(kind: str, name: str) -> str:
    return f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:{kind}/{name}"


def paginate(
    items: Iterable[Record],
    params: Mapping[str, Any],
    key: str,
    *,
    sort: Mapping[str, str] | None = None,
    by: str = "CreationTime",
    descending: bool = False,
) -> dict[str, Any]:
    """One page of a List operation: {key: […], "NextToken": …}.

    `sort` maps the operation's SortBy values to the items' fields where the two differ; `by` and `descending` are what
    AWS takes when the caller gives no SortBy and SortOrder. The token names the last item given, not its place: items
    that are deleted between two pages make nobody lose a page, as on AWS.
    """
    chosen = params.get("SortBy") or by
    field = (sort or {}).get(chosen, chosen)
    order = params.get("SortOrder")
    reverse = order == "Descending" if order else descending

    def position(item: Record) -> list[Any]:
        identity = [str(item[name]) for name in sorted(item) if name.endswith(("Name", "Id", "Arn", "Type"))]
        return [item.get(field) or 0, *identity]

    ordered = sorted(items, key=position, reverse=reverse)
    last = _decoded(params["NextToken"]) if params.get("NextToken") else None
    if last is not None:
        ordered = [item for item in ordered if (position(item) < last if reverse else position(item) > last)]
    size = params.get("MaxResults") or _DEFAULT_PAGE
    page: dict[str, Any] = {key: ordered[:size]}
    if len(ordered) > size:
        page["NextToken"] = _encoded(position(ordered[size - 1]))
    return page


def _encoded(position: list[Any]) -> str:
    return base64.b64encode(json.dumps(position).encode()).decode()


def _decoded(token: str) -> list[Any]:
    try:
        return list(json.loads(base64.b64decode(token, validate=True)))
    except (binascii.Error, ValueError) as error:
        raise ApiError("ValidationException", "Invalid NextToken: it is not one that this operation gave") from error
