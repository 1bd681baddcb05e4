"""Forks Python Lambda workers from one process that has imported the big packages already.

A cold start costs a second of processor time, most of it for imports, and every function has one. Run by the
interpreter of the functions, with one end of a socket pair as its standard input; it ends when the other end is closed.

A request is three file descriptors (the worker's stdin, stdout, stderr) with 8 bytes of length, then the JSON of
{"script", "cwd", "env"}; the answer is the process id in 8 bytes. Standard library only, apart from what is preloaded.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import runpy
import signal
import socket
import sys

# Nothing that reads the environment at import: a worker's environment comes after it. (aws_xray_sdk does.)
_PRELOADED = ("boto3", "botocore.client", "botocore.httpsession", "botocore.signers", "pydantic", "yaml")


def main() -> None:
    requests = socket.socket(fileno=os.dup(0))
    for name in _PRELOADED:
        with contextlib.suppress(ImportError):  # the project's environment may well lack one
            importlib.import_module(name)
    gc.freeze()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the kernel collects workers that have ended
    while _fork_one(requests):
        pass


def _fork_one(requests: socket.socket) -> bool:
    """Serve one request; False when there will be no more."""
    header, descriptors, _, _ = socket.recv_fds(requests, 8, 3)
    if not header:
        return False
    length = int.from_bytes(header, "big")
    body = b""
    while len(body) < length:
        body += requests.recv(length - len(body))
    child = os.fork()
    if child == 0:
        requests.close()
        _become(json.loads(body), descriptors)
    requests.sendall(child.to_bytes(8, "big"))
    for descriptor in descriptors:
        os.close(descriptor)
    return True


def _become(request: dict[str, object], descriptors: list[int]) -> None:
    """Turn this fork into the worker, as if the script had been started by itself."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    for target, descriptor in enumerate(descriptors):
        os.dup2(descriptor, target)
        os.close(descriptor)
    environment, script = request["env"], str(request["script"])
    os.environ.clear()
    os.environ.update(environment if isinstance(environment, dict) else {})
    os.chdir(str(request["cwd"]))
    sys.argv = [script]
    sys.path[0] = os.path.dirname(script)
    sys.stdin, sys.stdout = os.fdopen(0, closefd=False), os.fdopen(1, "w", closefd=False)
    sys.stderr = os.fdopen(2, "w", buffering=1, closefd=False)
    status = 1
    try:
        runpy.run_path(script, run_name="__main__")
        status = 0
    finally:
        sys.stdout.flush()
        os._exit(status)  # the fork must not run the exit handlers of what it was forked from


if __name__ == "__main__":
    main()
