"""ministack with everything that the local cloud adds to it, as one ASGI application."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any, Protocol

import ministack.app

from localcloud import (
    admin,
    cloudformation,
    cognito,
    foreign_pages,
    hosted_sign_in,
    http_apis,
    inventory,
    kept,
    objects,
    presigned,
    sagemaker,
    schedules,
    service_quotas,
    step_functions,
)
from localcloud.functions import lambda_functions
from localcloud.portal import start_portal
from localcloud.sagemaker import service

Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]

_LOG = logging.getLogger("localcloud")


class Gate(Protocol):
    """What of IAM the application must know."""

    def calling(self, access_key: str) -> AbstractContextManager[None]:
        """Whose request it is meanwhile."""

    def close(self) -> None: ...


def extend(
    python: str, kept_folder: Path | None = None, *, recording: Path | None = None, enforce: bool = False
) -> Application:
    """Register all extensions and give the application. `python` runs Lambda functions and Processing jobs.

    `kept_folder`: where SageMaker's records are across restarts. `recording`: the folder for what IAM is asked;
    `enforce`: whether IAM refuses.
    """
    ministack.app._docker_socket_present = lambda: False  # its clean-up would remove containers of others
    service.register()
    sagemaker.load()
    cloudformation.register()
    cognito.register()
    hosted_sign_in.register()
    presigned.register()
    http_apis.register()
    step_functions.register()
    lambda_functions.register(python)
    schedules.register()
    objects.register()
    service_quotas.register()
    if not recording and not enforce:
        return Application(kept_folder)
    from localcloud.iam import gate

    return Application(kept_folder, gate.register(recording, enforce=enforce))


class Application:
    """`ready` is set when the server answers; then `portal` is the address of the worker portal."""

    def __init__(self, kept_folder: Path | None, gate: Gate | None = None) -> None:
        self._kept = kept_folder
        self._gate = gate
        self.ready = asyncio.Event()
        self.portal = ""

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await ministack.app.app(scope, receive, self._started(send))
        elif reason := foreign_pages.refusal(scope):
            await foreign_pages.refuse(scope, send, reason)
        elif scope["type"] == "http" and scope["path"].startswith(admin.PREFIX):
            await admin.answer(scope, receive, send)
        else:
            made_here = scope["type"] == "http" and presigned.was_made_here(scope)
            maker = self._gate.calling(presigned.access_key(scope)) if made_here and self._gate else nullcontext()
            with maker:
                await ministack.app.app(presigned.without_signature(scope) if made_here else scope, receive, send)

    def _started(self, send: Send) -> Send:
        async def send_and_prepare(message: dict[str, Any]) -> None:
            if message["type"] == "lifespan.shutdown.complete":
                http_apis.close_all()
                if self._gate:
                    self._gate.close()
            if self._kept and message["type"] == "lifespan.shutdown.complete":
                kept.save(self._kept)
            await send(message)
            if message["type"] == "lifespan.startup.complete":
                if self._kept:
                    kept.load(self._kept)
                self._preparing = asyncio.create_task(self._prepare())

        return send_and_prepare

    async def _prepare(self) -> None:
        await asyncio.to_thread(inventory.take_baseline)
        await asyncio.to_thread(http_apis.reopen)
        self.portal = (await asyncio.to_thread(start_portal)).url
        self.ready.set()
