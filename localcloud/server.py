"""The local cloud's server: ministack on loopback, extended with SageMaker and what else the product needs.

    .venv-localcloud/bin/python -m localcloud.server --port 0 --state .local/cloud --python .venv/bin/python

When it is ready it writes <state>/ready.json: {"endpoint", "portal", "pid"}. It ends when its standard input does: who
started it holds the other end, so that not even a killed program leaves a server behind.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import os
import shutil
import signal
import socket
import sys
import tempfile
import threading
import time
from pathlib import Path

from localcloud import hooks

HOST = "127.0.0.1"
GRACE_SECONDS = 10.0
_PROJECT = Path(__file__).resolve().parent.parent
_LOG = logging.getLogger("localcloud")


def main() -> None:
    arguments = _arguments()
    state: Path = arguments.state.resolve()
    listener = _listen(arguments.port)
    _prepare_environment(listener.getsockname()[1], state, arguments.python)
    folder = state / "kept" if arguments.keep else None
    if folder:
        os.environ |= {"PERSIST_STATE": "1", "STATE_DIR": f"{folder}/ministack"}
        os.environ |= {"S3_PERSIST": "1", "S3_DATA_DIR": f"{folder}/s3"}
    try:
        hooks.check()  # imports ministack, so the environment comes first
        asyncio.run(_serve(listener, state, arguments, folder))
    except hooks.HookMissingError as error:
        sys.exit(f"localcloud: {error}")
    finally:
        (state / "ready.json").unlink(missing_ok=True)
        shutil.rmtree(state / "tmp", ignore_errors=True)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="localcloud.server", description="Serve the local cloud on loopback.")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--state", type=Path, required=True, help="folder for ready.json, logs and temporary files")
    parser.add_argument("--python", required=True, help="interpreter of Python Lambda functions and Processing jobs")
    parser.add_argument("--keep", action="store_true", help="keep what there is in <state>/kept, and begin with it")
    parser.add_argument("--iam", action="store_true", help="refuse what the deployed policies do not allow")
    parser.add_argument("--record-iam", type=Path, help="folder for what IAM is asked, call by call")
    return parser.parse_args()


def _listen(port: int) -> socket.socket:
    """Bind before anything reads the port from the environment, so that a free port is ours for certain."""
    listener = socket.create_server((HOST, port), backlog=512)
    listener.set_inheritable(True)
    return listener


def _prepare_environment(port: int, state: Path, python: str) -> None:
    """Set what ministack reads from the environment at import, and what Lambda functions inherit."""
    temporary = state / "tmp"
    shutil.rmtree(temporary, ignore_errors=True)
    temporary.mkdir(parents=True)
    tempfile.tempdir = str(temporary)
    node_path = [str(_PROJECT / "node_modules"), os.environ.get("NODE_PATH", "")]
    os.environ |= {
        "AWS_ENDPOINT_URL": f"http://{HOST}:{port}",
        "AWS_REGION": "us-east-1",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "local",
        "AWS_SECRET_ACCESS_KEY": "local",
        "AWS_EC2_METADATA_DISABLED": "true",
        "BIND_HOST": HOST,
        "GATEWAY_PORT": str(port),
        "MINISTACK_HOST": HOST,
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
        "SFN_WAIT_SCALE": os.environ.get("KEMPELEN_TIME_SCALE", "1"),
        "KEMPELEN_PYTHON": python,
        "LAMBDA_EXECUTOR": "local",
        "LOG_LEVEL": os.environ.get("LOG_LEVEL", "INFO"),
        "NODE_PATH": os.pathsep.join(filter(None, node_path)),
        "NO_PROXY": f"{HOST},localhost",
        "no_proxy": f"{HOST},localhost",
        "PYTHONDONTWRITEBYTECODE": "1",
        "TMPDIR": str(temporary),
    }
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        os.environ.pop(name, None)


async def _serve(listener: socket.socket, state: Path, arguments: argparse.Namespace, kept: Path | None) -> None:
    from hypercorn.asyncio import serve
    from hypercorn.config import Config

    from localcloud.extensions import extend
    from localcloud.kept import stop_work

    application = extend(arguments.python, kept, recording=arguments.record_iam, enforce=arguments.iam)
    config = Config()
    config.bind = [f"fd://{listener.fileno()}"]
    config.keep_alive_timeout = 75
    config.accesslog = None
    config.errorlog = "-"
    config.loglevel = "WARNING"
    stop, loop = asyncio.Event(), asyncio.get_running_loop()

    async def end() -> None:
        if kept:
            await asyncio.to_thread(stop_work)
        stop.set()

    ending: list[asyncio.Task[None]] = []  # a task that nobody holds may be collected
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, lambda: ending.append(loop.create_task(end())))
    threading.Thread(target=_end_with_starter, daemon=True).start()
    serving = asyncio.create_task(serve(application, config, shutdown_trigger=stop.wait))
    await application.ready.wait()
    _announce(state, application.portal)
    await serving


def _end_with_starter() -> None:
    """As a user's SIGTERM at first; after a grace period everything in this process group is killed."""
    sys.stdin.buffer.read()
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(GRACE_SECONDS)
    os.killpg(0, signal.SIGKILL)


def _announce(state: Path, portal: str) -> None:
    """Written under another name first: who reads ready.json must find all of it."""
    ready = {"endpoint": os.environ["AWS_ENDPOINT_URL"], "portal": portal, "pid": os.getpid()}
    partial = state / "ready.json.part"
    partial.write_text(json.dumps(ready))
    partial.replace(state / "ready.json")
    _LOG.info("ready: %s", ready)


if __name__ == "__main__":
    main()
