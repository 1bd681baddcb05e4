from __future__ import annotations

import json
import os
import signal
import time
from pathlib import Path

import boto3

from localcloud.client.process import LocalCloud
from tests.localcloud.processing import Lab

# A process and a child of it in the same group, as the engine is the container's child.
SCRIPT = """
import os, subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(120)"])
print("pids", os.getpid(), child.pid, flush=True)
time.sleep(120)
"""


def start(cloud: LocalCloud, until) -> list[int]:
    """Starts a job; its processes."""
    credentials = {"aws_access_key_id": "local", "aws_secret_access_key": "local"}
    address = {"endpoint_url": cloud.endpoint, "region_name": "us-east-1"}
    clients = {name: boto3.client(name, **address, **credentials) for name in ("iam", "logs", "s3", "sagemaker")}
    lab = Lab(clients.__getitem__, until)
    name = lab.start(SCRIPT)
    (line,) = next(iter(until(lambda: lab.log(name), lambda streams: any(streams.values())).values()))
    pids = [int(pid) for pid in line.removeprefix("pids ").split()]
    assert all(map(_runs, pids))
    return pids


def ended(pids: list[int]) -> bool:
    deadline = time.monotonic() + 10
    while any(map(_runs, pids)) and time.monotonic() < deadline:
        time.sleep(0.05)
    return not any(map(_runs, pids))


def test_no_process_of_a_job_outlives_the_local_cloud(tmp_path: Path, until) -> None:
    with LocalCloud(tmp_path) as cloud:
        pids = start(cloud, until)
    assert ended(pids)
    assert not (tmp_path / "tmp").exists()


def test_no_process_of_a_job_outlives_a_server_that_is_killed(tmp_path: Path, until) -> None:
    with LocalCloud(tmp_path) as cloud:
        pids = start(cloud, until)
        os.kill(json.loads((tmp_path / "ready.json").read_text())["pid"], signal.SIGKILL)
        assert ended(pids)


def _runs(pid: int) -> bool:
    """Neither gone nor a zombie that waits for its parent."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
