"""Serves an ASGI application on a loopback port of its own, on a thread with an event loop of its own."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
from dataclasses import dataclass
from typing import Any

from hypercorn.asyncio import serve
from hypercorn.config import Config

HOST = "127.0.0.1"
_STOP_SECONDS = 5.0


@dataclass(frozen=True)
class Serving:
    """An application that is served at `url`, which has no slash at its end."""

    url: str
    _loop: asyncio.AbstractEventLoop
    _stopped: asyncio.Event
    _thread: threading.Thread

    def stop(self) -> None:
        """Close the port; returns when the thread has ended."""
        self.begin_to_stop()
        self._thread.join(_STOP_SECONDS)

    def begin_to_stop(self) -> None:
        """Close the port soon: for callers that must not wait."""
        with contextlib.suppress(RuntimeError):  # it has stopped already
            self._loop.call_soon_threadsafe(self._stopped.set)


def listen(port_hint: int | None = None) -> socket.socket:
    """An open port of loopback: the hinted one when it is free, else any."""
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
    raise OSError(f"no free port on {HOST}")


def authority(listener: socket.socket) -> str:
    """Host and port, as addresses name them."""
    return f"{HOST}:{listener.getsockname()[1]}"


def serve_on(listener: socket.socket, application: Any, name: str) -> Serving:
    """Serve from now on; `name` is the thread's."""
    url = f"http://{authority(listener)}"
    loop = asyncio.new_event_loop()
    stopped = asyncio.Event()
    thread = threading.Thread(target=_run, args=(loop, listener, application, stopped), name=name, daemon=True)
    thread.start()
    return Serving(url, loop, stopped, thread)


def _run(loop: asyncio.AbstractEventLoop, listener: socket.socket, application: Any, stopped: asyncio.Event) -> None:
    config = Config()
    config.bind = [f"fd://{listener.detach()}"]
    config.errorlog = None
    config.keep_alive_timeout = 75
    config.graceful_timeout = 1.0
    asyncio.set_event_loop(loop)
    loop.run_until_complete(serve(application, config, shutdown_trigger=stopped.wait))
    loop.close()
