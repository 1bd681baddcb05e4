"""Interleaved rounds: each engine in a process of its own, one at a time, so that ratios of a round are comparable."""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parent.parent.parent
PEERS_PYTHON = ROOT / ".venv-bench/bin/python"
OWN = ("limit", "ours", "ours_two")
PEERS = ("albumentations", "torchvision", "pillow", "spark_imgaug")
IN_PEERS_ENVIRONMENT = (*PEERS, "audiomentations")
PATIENCE_S = 180  # the slowest pass, Spark over large photos, takes 15
SHARES = {"spark_imgaug": 0.4, "torchvision": 0.4, "pillow": 0.4}  # of the files: the slow ones get fewer

REMEDIES = {
    "torchvision": "; it comes with 6 GB of CUDA on most machines, so only `make bench TORCH=1` installs it",
    "spark_imgaug": "; Spark needs Java 17 on the PATH",
}

Row = dict[str, float]


class Failure(NamedTuple):
    """Why an engine was left out."""

    reason: str


class Host:
    """A process that holds one engine ready."""

    def __init__(self, name: str, output: Path, files: list[Path]) -> None:
        self._count = max(2, round(len(files) * SHARES.get(name, 1)))
        python = str(PEERS_PYTHON) if name in IN_PEERS_ENVIRONMENT else sys.executable
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1", "NO_ALBUMENTATIONS_UPDATE": "1"}
        environment |= {"PYSPARK_PYTHON": python, "SPARK_LOCAL_IP": "127.0.0.1"}
        command = [python, "-m", "bench.speed.host", name, str(output), *map(str, files)]
        self._log = output.with_suffix(".log").open("w")
        self._process = subprocess.Popen(  # noqa: S603 - our own module
            command,
            cwd=ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            text=True,
        )
        self.failure = self._ask("").get("error")

    def go(self) -> dict[str, Any]:
        """The row of one pass over the files, or what is wrong as `error`."""
        return self._ask(f"go {self._count}\n")

    def close(self) -> None:
        if self._process.stdin:
            self._process.stdin.close()
        self._process.wait()
        self._log.close()

    def _ask(self, line: str) -> dict[str, Any]:
        if self._process.stdin is None or self._process.stdout is None:
            raise RuntimeError("the host was started without pipes")
        self._process.stdin.write(line)
        self._process.stdin.flush()
        if not select.select([self._process.stdout], [], [], PATIENCE_S)[0]:
            self._process.kill()
            return {"error": f"no answer within {PATIENCE_S} s; see {self._log.name}"}
        answer = self._process.stdout.readline()
        return dict(json.loads(answer)) if answer else {"error": f"the process ended; see {self._log.name}"}


def measure(
    files: list[Path], folder: Path, rounds: int, own: Sequence[str] = OWN, peers: Sequence[str] = PEERS
) -> tuple[list[Mapping[str, Row]], dict[str, str]]:
    """Rows by engine for each round, and the reasons of those that cannot run."""
    hosts: dict[str, Host] = {}
    reasons: dict[str, str] = {}
    for name in (*own, *peers):
        if name in peers and not PEERS_PYTHON.exists():
            reasons[name] = "not installed: there is no .venv-bench"
            continue
        (folder / name).mkdir(parents=True, exist_ok=True)
        host = Host(name, folder / name, files)
        if host.failure:
            reasons[name] = host.failure + REMEDIES.get(name, "")
            host.close()
        else:
            hosts[name] = host
    try:
        return [_round(hosts, peers, reasons) for _ in range(rounds)], reasons
    finally:
        for host in hosts.values():
            host.close()


def _round(hosts: dict[str, Host], peers: Sequence[str], reasons: dict[str, str]) -> dict[str, Row]:
    """One pass of each engine. A peer that fails is left out from then on.

    Raises:
        RuntimeError: an engine of our own fails.
    """
    rows: dict[str, Row] = {}
    for name, host in list(hosts.items()):
        row = host.go()
        if "error" not in row:
            rows[name] = row
        elif name in peers:
            reasons[name] = row["error"]
            hosts.pop(name).close()
        else:
            raise RuntimeError(f"{name}: {row['error']}")
    return rows
