"""A Label Studio server of one's own ends with whoever started it; a script stands for the server."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from scripts import label_studio_server
from scripts.label_studio_server import LabelStudioError, LabelStudioServer

ROOT = Path(__file__).resolve().parents[3]
STARTS_AND_DIES = """
import os, sys, time
from pathlib import Path
from scripts import label_studio_server
label_studio_server.PROGRAM = Path(sys.argv[1])
label_studio_server.LabelStudioServer(Path(sys.argv[2])).start()
while not (Path(sys.argv[2]) / "pid").exists():
    time.sleep(0.01)
os.kill(os.getpid(), 9)
"""


@pytest.fixture(autouse=True)
def _a_port(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(label_studio_server, "free_port", lambda: 9)


def program(folder: Path, body: str) -> Path:
    made = folder / "label-studio"
    made.write_text(f"#!/bin/sh\n{body}\n")
    made.chmod(0o755)
    return made


def ends(pid: int) -> bool:
    """Within ten seconds."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.02)
    return False


def test_one_that_is_not_installed_is_told_with_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(label_studio_server, "PROGRAM", tmp_path / "none")
    with pytest.raises(LabelStudioError, match="make demo BACKEND=label_studio"), LabelStudioServer(tmp_path / "data"):
        pass
    assert not (tmp_path / "data").exists()


def test_one_that_does_not_start_is_told_with_its_log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(label_studio_server, "PROGRAM", program(tmp_path, "echo no disk; exit 1"))
    with LabelStudioServer(tmp_path / "data") as server:
        assert server._process is not None
        server._process.wait(10)
        with pytest.raises(LabelStudioError, match=r"did not start\. End of .*:\nno disk"):
            server.wait()


def test_it_ends_when_it_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        label_studio_server, "PROGRAM", program(tmp_path, "echo $$ > pid.tmp; mv pid.tmp pid; sleep 60")
    )
    with LabelStudioServer(tmp_path / "data") as server:
        deadline = time.monotonic() + 10
        while not (tmp_path / "data/pid").exists() and time.monotonic() < deadline:
            time.sleep(0.01)
        pid = int((tmp_path / "data/pid").read_text())
    assert ends(pid)
    server.stop()


def test_it_ends_when_the_process_that_started_it_is_killed(tmp_path: Path) -> None:
    stands_for_it = program(tmp_path, "echo $$ > pid.tmp; mv pid.tmp pid; exec sleep 60")
    command = [sys.executable, "-c", STARTS_AND_DIES, str(stands_for_it), str(tmp_path / "data")]
    assert subprocess.run(command, cwd=ROOT, timeout=60, check=False).returncode == -9
    assert ends(int((tmp_path / "data/pid").read_text()))
