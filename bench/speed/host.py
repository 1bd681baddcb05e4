"""Runs one engine in a process of its own and times it when told: `python -m bench.speed.host ENGINE OUTPUT FILE…`.

Reads "go", or "go N" for the first N files, a line each; answers a JSON line. Only the standard library and the engine
are imported, so that it also runs in the peers' environment.
"""

from __future__ import annotations

import importlib
import json
import os
import resource
import sys
import time
from pathlib import Path
from typing import Any


def main(arguments: list[str]) -> None:
    name, output, *names = arguments
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # engines may print; only answers go to the parent
    files = [Path(file) for file in names]
    folder = Path(output)
    folder.mkdir(parents=True, exist_ok=True)
    try:
        engine = importlib.import_module(f"bench.speed.engines.{name}").Engine()
        engine.setup(files, folder)
        run_all(engine, files[:2])
    except Exception as error:  # noqa: BLE001 - whatever a foreign library raises is the reason to leave it out
        _say(answers, {"error": f"{type(error).__name__}: {' '.join(str(error).split())[:300]}"})
        return
    _say(answers, {"ready": name})
    for line in sys.stdin:
        count = int(line.split()[1]) if len(line.split()) > 1 else len(files)
        _say(answers, timed(engine, files[:count], folder))


def _say(answers: Any, row: dict[str, Any]) -> None:
    answers.write(json.dumps(row) + "\n")
    answers.flush()


def timed(engine: Any, files: list[Path], folder: Path) -> dict[str, float]:
    """Images a second by the clock, CPU time an image, and the peak memory of this process and its own in MB."""
    _put_away(folder)
    began, worked = time.perf_counter(), _cpu()
    run_all(engine, files)
    seconds, busy = time.perf_counter() - began, _cpu() - worked
    return {"images_per_s": len(files) / seconds, "cpu_ms": 1000 * busy / len(files), "rss_mb": memory_mb(os.getpid())}


def _put_away(folder: Path) -> None:
    """Makes room for a pass. Nothing is deleted: ext4 takes 0.2 ms for a new file where many have just been removed."""
    earlier = folder.with_name("earlier")
    earlier.mkdir(exist_ok=True)
    folder.rename(earlier / f"{folder.name}-{time.monotonic_ns()}")
    folder.mkdir()


def run_all(engine: Any, files: list[Path]) -> None:
    every = getattr(engine, "every", None)
    if every is not None:
        every(files)
        return
    for file in files:
        engine.one(file)


def _cpu() -> float:
    return time.process_time() + sum(resource.getrusage(resource.RUSAGE_CHILDREN)[:2])


def memory_mb(process: int) -> float:
    """Peak resident memory of a process and of all that it started and that still run."""
    total = 0
    waiting = [process]
    while waiting:
        current = waiting.pop()
        try:
            status = Path(f"/proc/{current}/status").read_text()
            waiting += map(int, Path(f"/proc/{current}/task/{current}/children").read_text().split())
        except OSError:
            continue
        total += next((int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")), 0)
    return total / 1024


if __name__ == "__main__":
    main(sys.argv[1:])
