"""`python -m bench.speed [--quick]`: writes summary.json and chart.svg into .local/bench; status 1 if a check fails."""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import time
from pathlib import Path
from typing import Any

from bench.speed import check
from bench.speed.chart import chart
from bench.speed.data import SIZES, Size, photos
from bench.speed.rounds import OWN, PEERS, ROOT, measure
from bench.speed.sound import CLIPS, run_sound
from bench.speed.summary import summarize

# Before ext4 takes an inode for a new file, it passes one by one over those that were freed in the last five minutes:
# 0.1 to 0.6 ms instead of 0.03 (RECENCY_DIRTY in fs/ext4/ialloc.c).
QUIET_S = 300


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.speed", description="Measures the engine beside its peers.")
    parser.add_argument("--rounds", type=int, default=7, metavar="N", help="interleaved rounds [default: 7]")
    parser.add_argument("--quick", action="store_true", help="one round over few files, to try the benchmark itself")
    parser.add_argument(
        "--output", type=Path, default=ROOT / ".local/bench", metavar="DIR", help="[default: .local/bench]"
    )
    options = parser.parse_args(arguments)
    written = options.output / "out"
    if not options.quick:
        settle(written, options.output / "summary.json")
    summary: dict[str, Any] = {}
    problems: list[str] = []
    rounds = 1 if options.quick else options.rounds
    for size in SIZES:
        count = 2 if options.quick else size.photos
        found, wrong = run_size(size._replace(photos=count), options.output, written, rounds)
        summary[size.name] = found
        problems += wrong
        for line in told(size.name, found):
            sys.stderr.write(line + "\n")
    summary["sound"], wrong = run_sound(options.output, written, 4 if options.quick else CLIPS, rounds)
    problems += wrong
    for line in told_of_sound(summary["sound"]):
        sys.stderr.write(line + "\n")
    shutil.rmtree(written)
    (options.output / "summary.json").write_text(json.dumps(summary, indent=2) + "\n", encoding="utf-8")
    (options.output / "chart.svg").write_text(chart(summary), encoding="utf-8")
    sys.stderr.writelines(f"wrong: {problem}\n" for problem in problems)
    return 1 if problems else 0


def settle(written: Path, summary: Path) -> None:
    """Removes what a killed benchmark has left, and waits until nothing of the last one was removed just now."""
    waiting = 0.0
    if written.exists():
        shutil.rmtree(written)
        waiting = QUIET_S
    elif summary.exists():
        waiting = min(QUIET_S, QUIET_S - (time.time() - summary.stat().st_mtime))
    if waiting > 0:
        sys.stderr.write(f"waiting {waiting:.0f} s: new files are slow where others have just been removed\n")
        time.sleep(waiting)


def run_size(size: Size, folder: Path, written: Path, rounds: int) -> tuple[dict[str, Any], list[str]]:
    """The summary of one size, and what is wrong with what was written."""
    files = photos(folder / size.name, size)
    out = written / size.name
    rows, reasons = measure(files, out, rounds)
    mean_kb = check.kilobytes(out / "limit")
    running = [name for name in (*OWN, *PEERS) if name not in reasons]
    problems = [problem for name in running for problem in check.wrong(f"{size.name} {name}", out / name, mean_kb)]
    worst = min(check.psnr(file) for file in files[:8])
    if worst < check.LEAST_PSNR:
        problems.append(f"{size.name} ours: PSNR of resize {worst:.1f} dB, at least {check.LEAST_PSNR} wanted")
    found = summarize(rows, reasons)
    found["ours"]["psnr_db"] = round(worst, 1)
    found["wrong"] = problems
    return found, problems


def told(size: str, found: dict[str, Any]) -> list[str]:
    """The figures for a person."""
    ours, two = found["ours"], found["ours_2_processes"]
    lines = [
        f"{size}: limit {found['limit']['images_per_s']:.1f} images/s, ours {ours['images_per_s']:.1f} "
        f"({ours['ratio_to_limit']:.2f} of the limit, {ours['rss_mb']:.0f} MB), two processes x {two['over_one']:.2f}"
    ]
    for name, peer in found["peers"].items():
        left_out = peer.get("left_out")
        shown = (
            f"left out: {left_out}" if left_out else f"{peer['images_per_s']:.1f} (ours x {peer['ours_over_it']:.1f})"
        )
        lines.append(f"   {name}: {shown}")
    return lines


def told_of_sound(found: dict[str, Any]) -> list[str]:
    """The figures for a person."""
    ours, peer = found["ours"], found["peers"]["audiomentations"]
    left_out = peer.get("left_out")
    over = f"left out: {left_out}" if left_out else f"{peer['clips_per_s']:.0f} (ours x {peer['ours_over_it']:.1f})"
    return [
        f"sound: limit {found['limit']['clips_per_s']:.0f} clips/s, ours {ours['clips_per_s']:.0f} "
        f"({ours['ratio_to_limit']:.2f} of the limit, {ours['rss_mb']:.0f} MB)",
        f"   audiomentations: {over}",
    ]


if __name__ == "__main__":
    sys.exit(main())
