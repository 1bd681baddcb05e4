"""The same benchmark for sound: noise on clips of 10 seconds, 16 kHz mono, beside nothing but reading and writing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import soundfile

from bench.speed.rounds import measure
from bench.speed.summary import summarize_sound

RATE, SECONDS, CLIPS = 16_000, 10, 60
OWN, PEERS = ("sound_limit", "sound_ours"), ("audiomentations",)


def run_sound(folder: Path, written: Path, clips: int, rounds: int) -> tuple[dict[str, Any], list[str]]:
    """The summary, and what is wrong with what was written."""
    files = [_once(folder / "sound" / f"clip{number:03}.wav", number) for number in range(clips)]
    out = written / "sound"
    rows, reasons = measure(files, out, rounds, OWN, PEERS)
    problems = [
        f"sound {name}: {problem}"
        for name in (*OWN, *PEERS)
        if name not in reasons
        for problem in _wrong(out / name, files)
    ]
    return summarize_sound(rows, reasons), problems


def _once(path: Path, seed: int) -> Path:
    """Something like speech: a voice with harmonics, breath and pauses."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        rng = np.random.default_rng([RATE, seed])
        time = np.arange(RATE * SECONDS) / RATE
        phase = 2 * np.pi * np.cumsum(120 * (1 + 0.1 * np.sin(2 * np.pi * 0.7 * time + seed))) / RATE
        voice = sum(np.sin(number * phase) / number for number in range(1, 18))
        loud = np.clip(np.sin(2 * np.pi * 3.1 * time + seed), 0, 1) ** 0.7
        samples = 6000 * loud * (voice + 0.15 * rng.standard_normal(len(time)))
        soundfile.write(path, np.rint(samples).clip(-32768, 32767).astype(np.int16), RATE, subtype="PCM_16")
    return path


def _wrong(folder: Path, files: list[Path]) -> list[str]:
    """A fast wrong answer does not count: every clip there, of its length, and noise where noise is asked for."""
    made = sorted(folder.rglob("*.wav"))
    if len(made) < len(files):
        return [f"{len(made)} files of {len(files)} clips"]
    problems = []
    for path in made:
        info = soundfile.info(path)
        if (info.frames, info.samplerate, info.subtype) != (RATE * SECONDS, RATE, "PCM_16"):
            problems.append(f"{path.name} has {info.frames} frames at {info.samplerate} Hz, {info.subtype}")
    if folder.name != "sound_limit" and not np.ptp(soundfile.read(made[0], dtype="int16")[0][-RATE:]):
        problems.append(f"{made[0].name} ends without noise")
    return problems
