"""Every list to its last page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from adapters.teardown.faults import translated


def entries(client: Any, operation: str, member: str, **request: Any) -> Iterator[dict[str, Any]]:
    """The entries under `member` of every page of a list operation, as AWS gives them.

    Raises:
        AwsError: a page could not be read; the entries of the pages before it have been given.
    """
    pages = iter(client.get_paginator(operation).paginate(**request))
    while True:
        with translated(operation):
            page = next(pages, None)
        if page is None:
            return
        yield from page.get(member, [])
