"""Clips for tests: tones, and something like speech, all from a fixed seed."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

from augmentation.audio.clip import Clip

RATE = 16_000


def tone(hertz: float = 440.0, seconds: float = 1.0, rate: int = RATE, level: float = 8000.0) -> Clip:
    """A sine, one channel; `level` is its peak."""
    time = np.arange(round(seconds * rate)) / rate
    return Clip(np.rint(level * np.sin(2 * np.pi * hertz * time)).astype(np.int16)[:, None], rate)


def speech(seconds: float = 1.0, rate: int = RATE, seed: int = 1, channels: int = 1) -> Clip:
    """Syllables: a voice of 120 Hz with harmonics that fade, a breath of noise, pauses between."""
    rng = np.random.default_rng(seed)
    time = np.arange(round(seconds * rate)) / rate
    pitch = 120 * (1 + 0.1 * np.sin(2 * np.pi * 0.7 * time + seed))
    phase = 2 * np.pi * np.cumsum(pitch) / rate
    voice = sum(np.sin(number * phase) / number for number in range(1, 18))
    syllables = np.clip(np.sin(2 * np.pi * 3.1 * time + seed), 0, 1) ** 0.7
    both = syllables * (voice + 0.15 * rng.standard_normal(len(time)))
    samples = np.rint(6000 * both).clip(-32768, 32767).astype(np.int16)
    return Clip(np.ascontiguousarray(np.repeat(samples[:, None], channels, axis=1)), rate)


def sound_bytes(clip: Clip | None = None, kind: str = "WAV", subtype: str = "PCM_16") -> bytes:
    clip = clip or speech()
    data = io.BytesIO()
    soundfile.write(data, clip.samples, clip.rate, format=kind, subtype=subtype)
    return data.getvalue()


def write_clips(folder: Path, count: int, classes: tuple[str, ...] = ("yes", "no"), **form: float) -> list[str]:
    """`count` clips in a folder for each class in turn; their names relative to `folder`."""
    names = []
    for number in range(count):
        name = f"{classes[number % len(classes)]}/clip_{number:03}.{'flac' if number % 3 == 2 else 'wav'}"
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(sound_bytes(speech(seed=number, **form), "FLAC" if number % 3 == 2 else "WAV"))
        names.append(name)
    return names


def level_db(samples: NDArray[np.integer]) -> float:
    """Root mean square in decibels, of 1 as 0."""
    return float(10 * np.log10(np.mean(np.square(samples, dtype=np.float64))))


def loudest_hertz(clip: Clip) -> float:
    """Where the spectrum of the first channel is highest, between bins by a parabola."""
    signal = clip.samples[:, 0].astype(np.float64) * np.hanning(len(clip.samples))
    power = np.log(np.abs(np.fft.rfft(signal)) + 1e-9)
    peak = int(np.argmax(power[1:-1])) + 1
    left, middle, right = power[peak - 1 : peak + 2]
    return (peak + (left - right) / (2 * (left - 2 * middle + right))) * clip.rate / len(clip.samples)
