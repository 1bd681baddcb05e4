"""`make local`: what it prints is enough to sign in and to work."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import partial

import boto3
import pytest

from localcloud.client.scripted_workers import ScriptedWorker
from tests.e2e.conftest import ROOT, TIMEOUT_SECONDS

# A deployment of its own, as the demo makes it; what is printed of it is all that is new.
pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def printed() -> Iterator[str]:
    """What it printed until it was up."""
    # A shell's background jobs ignore the signal, and so would the child.
    heed = partial(signal.signal, signal.SIGINT, signal.SIG_DFL)
    command = [sys.executable, "-u", "-m", "scripts.local"]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, preexec_fn=heed)
    said, deadline = "", time.monotonic() + TIMEOUT_SECONDS
    try:
        while "Ctrl-C ends it" not in said and time.monotonic() < deadline:
            line = process.stdout.readline() if process.stdout else ""
            assert line, f"it ended by itself: {said}"
            said += line
        yield said
    finally:
        process.send_signal(signal.SIGINT)
        try:
            rest, _ = process.communicate(timeout=60)
        finally:
            process.kill()
        assert "The local cloud is gone" in rest


def test_workers_sign_in_and_the_exports_reach_the_cloud(printed: str, monkeypatch: pytest.MonkeyPatch) -> None:
    portal = re.search(r"Worker portal: (http://\S+)", printed)
    sign_ins = re.findall(r"^  (\S+@\S+)  (\S+)$", printed, re.MULTILINE)
    assert portal
    assert len(sign_ins) == 3
    for email, password in sign_ins:
        worker = ScriptedWorker(portal[1], email, password, {})
        worker.sign_in()
    for name, value in re.findall(r"^export (\w+)=(\S+)$", printed, re.MULTILINE):
        monkeypatch.setenv(name, value)
    stacks = boto3.client("cloudformation").describe_stacks()["Stacks"]
    assert {stack["StackName"] for stack in stacks} > {"kempelen-dev-workflow", "kempelen-dev-workforce"}
