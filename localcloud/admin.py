"""The local cloud's own endpoints, below /_kempelen/: what exists, and which faults are to come."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

from localcloud import budgets, inventory
from localcloud.sagemaker import faults, outcomes

PREFIX = "/_kempelen/"

Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]


async def answer(scope: dict[str, Any], receive: Receive, send: Send) -> None:
    """GET inventory; POST faults and POST outcomes take a JSON list of rules, [] to end them; POST budget takes the
    notification that is to be sent: {"budget", "type", "threshold"}."""
    request = scope["method"], scope["path"].removeprefix(PREFIX)
    if request == ("GET", "inventory"):
        await _respond(send, 200, inventory.resources())
    elif request in (("POST", "faults"), ("POST", "outcomes")):
        plan = faults.PLAN if request[1] == "faults" else outcomes.PLAN
        try:
            plan.set(json.loads(await _body(receive)))
            await _respond(send, 200, {})
        except (TypeError, ValueError) as error:
            await _respond(send, 400, {"message": str(error)})
    elif request == ("POST", "budget"):
        try:
            given = json.loads(await _body(receive))
            told = await asyncio.to_thread(budgets.notify, given["budget"], given["type"], given["threshold"])
            await _respond(send, 200, {"told": told})
        except (KeyError, TypeError, ValueError) as error:
            await _respond(send, 400, {"message": str(error)})
    else:
        there = "there are GET inventory, POST faults, POST outcomes, POST budget"
        await _respond(send, 404, {"message": f"{' '.join(request)}: {there}"})


async def _body(receive: Receive) -> bytes:
    body, more = b"", True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    return body


async def _respond(send: Send, status: int, content: Any) -> None:
    headers = [(b"content-type", b"application/json")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": json.dumps(content).encode()})
