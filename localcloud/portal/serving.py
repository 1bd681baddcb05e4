"""Runs the portal's application on a thread with an event loop of its own."""

from __future__ import annotations

import asyncio
import socket
import threading
from dataclasses import dataclass

from hypercorn.asyncio import serve
from hypercorn.config import Config

from localcloud.ground_truth import portal_address
from localcloud.portal.home import create_app

HOST = "127.0.0.1"
_STOP_SECONDS = 5.0


@dataclass(frozen=True)
class PortalHandle:
    """A running portal."""

    url: str
    _loop: asyncio.AbstractEventLoop
    _stopped: asyncio.Event
    _thread: threading.Thread

    def stop(self) -> None:
        """Close the port; returns when the portal's thread has ended."""
        self._loop.call_soon_threadsafe(self._stopped.set)
        self._thread.join(_STOP_SECONDS)


def start_portal(port_hint: int | None = None) -> PortalHandle:
    """Serve the portal from now on. The port is open when this returns."""
    listener = _listener(port_hint)
    authority = f"{HOST}:{listener.getsockname()[1]}"
    portal_address.announce(authority)
    loop = asyncio.new_event_loop()
    stopped = asyncio.Event()
    thread = threading.Thread(target=_run, args=(loop, listener, stopped), name="worker-portal", daemon=True)
    thread.start()
    return PortalHandle(f"http://{authority}", loop, stopped, thread)


def _run(loop: asyncio.AbstractEventLoop, listener: socket.socket, stopped: asyncio.Event) -> None:
    config = Config()
    config.bind = [f"fd://{listener.detach()}"]
    config.errorlog = None
    config.graceful_timeout = 1.0
    asyncio.set_event_loop(loop)
    loop.run_until_complete(serve(create_app(), config, shutdown_trigger=stopped.wait))
    loop.close()


def _listener(port_hint: int | None) -> socket.socket:
    for port in (port_hint or 0, 0):
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((HOST, port))
        except OSError:
            listener.close()
            continue
        listener.listen(128)
        return listener
    raise OSError(f"no free port on {HOST} for the worker portal")
