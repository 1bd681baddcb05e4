from __future__ import annotations

import os
import time
from pathlib import Path

import boto3

from localcloud.client.process import LocalCloud
from tests.localcloud.processing import Lab


def test_no_process_of_a_job_outlives_the_local_cloud(tmp_path: Path, until) -> None:
    with LocalCloud(tmp_path) as cloud:
        credentials = {"aws_access_key_id": "local", "aws_secret_access_key": "local"}
        address = {"endpoint_url": cloud.endpoint, "region_name": "us-east-1"}
        clients = {name: boto3.client(name, **address, **credentials) for name in ("iam", "logs", "s3", "sagemaker")}
        lab = Lab(clients.__getitem__, until)
        name = lab.start("import os, time; print('pid', os.getpid(), flush=True); time.sleep(120)")
        (line,) = next(iter(until(lambda: lab.log(name), lambda streams: any(streams.values())).values()))
        pid = int(line.removeprefix("pid "))
        os.kill(pid, 0)
    deadline = time.monotonic() + 10
    while _runs(pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not _runs(pid)
    assert not (tmp_path / "tmp").exists()


def _runs(pid: int) -> bool:
    """Neither gone nor a zombie that waits for its parent."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
