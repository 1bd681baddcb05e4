"""Keys a folder of Morse clips with known texts: the audio case's sounds, free of anybody's rights.

    python -m scripts.key_morse FOLDER [--count 12] [--seed 7]

Beside the clips stands `transcripts.csv`, `file,transcript`, as a machine would have written it: some of it wrong. What
is right stands in `answers.csv`. `noise/wind/` holds clips of wind. The same seed makes the same bytes.
"""

from __future__ import annotations

import csv
import random
import wave
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import numpy as np
import numpy.typing as npt
import typer

RATE = 16_000
TONE_HERTZ = 600
WORDS_A_MINUTE = 25
RAMP_SECONDS = 0.005  # a tone that begins at once clicks
# ITU-R M.1677-1, "International Morse code", 1.1.1.
CODE = {
    "A": ".-", "B": "-...", "C": "-.-.", "D": "-..", "E": ".", "F": "..-.", "G": "--.", "H": "....", "I": "..",
    "J": ".---", "K": "-.-", "L": ".-..", "M": "--", "N": "-.", "O": "---", "P": ".--.", "Q": "--.-", "R": ".-.",
    "S": "...", "T": "-", "U": "..-", "V": "...-", "W": ".--", "X": "-..-", "Y": "-.--", "Z": "--..",
}  # fmt: skip
TEXTS = (
    "CHECK", "CHECK MATE", "QUEEN TAKES PAWN", "WHO MOVES", "THE TURK WINS", "CASTLE", "YOUR MOVE", "DRAW",
    "KNIGHT TAKES ROOK", "ONE MORE GAME", "RESIGN", "THE CABINET OPENS", "BISHOP MOVES", "NOBODY INSIDE",
)  # fmt: skip
WRONG_EVERY = 4
WIND_SECONDS, WINDS = 8, 2

Samples = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Sounds:
    """Where they are. `transcripts` and `answers` give a text by the clip's name, as told and as it is."""

    clips: Path
    noise: Path
    transcripts: dict[str, str]
    answers: dict[str, str]


def key_morse(folder: Path, *, count: int = 12, seed: int = 7) -> Sounds:
    """Writes WAV files of 16 kHz, one channel, 16 bits below `folder`."""
    if not 1 <= count <= len(TEXTS):
        raise ValueError(f"count is {count}, but must lie between 1 and {len(TEXTS)}")
    draw, rng = random.Random(seed), np.random.default_rng(seed)  # noqa: S311
    clips, winds = folder / "clips", folder / "noise/wind"
    clips.mkdir(parents=True, exist_ok=True)
    winds.mkdir(parents=True, exist_ok=True)
    names = [f"morse_{number:02d}.wav" for number in range(1, count + 1)]
    answers = dict(zip(names, draw.sample(TEXTS, count), strict=True))
    for name, text in answers.items():
        _write(clips / name, 0.5 * keyed(text))
    for number in range(1, WINDS + 1):
        _write(winds / f"wind_{number}.wav", 0.5 * wind(rng))
    told = {
        name: _misheard(text, draw) if number % WRONG_EVERY == 0 else text
        for number, (name, text) in enumerate(answers.items())
    }
    _table(folder / "transcripts.csv", told)
    _table(folder / "answers.csv", answers)
    return Sounds(clips, folder / "noise", told, answers)


def elements(text: str) -> Iterable[tuple[bool, int]]:
    """Whether the key is down, and for how many dots: 1 a dot, 3 a dash; 1, 3 and 7 between marks, letters and words.

    Source: ITU-R M.1677-1, 2. Raises KeyError for what has no code here.
    """
    for number, word in enumerate(text.split()):
        if number:
            yield False, 7
        for place, letter in enumerate(word):
            if place:
                yield False, 3
            for mark, sign in enumerate(CODE[letter]):
                if mark:
                    yield False, 1
                yield True, 3 if sign == "-" else 1


def keyed(text: str, words_a_minute: float = WORDS_A_MINUTE) -> Samples:
    """The text as a tone, -1 to 1. The word PARIS has 50 dots with the pause behind it, so a dot takes 1.2 s / wpm."""
    dot = 1.2 / words_a_minute
    silence = np.zeros(round(0.2 * RATE))
    parts = [_tone(dots * dot) if down else np.zeros(round(dots * dot * RATE)) for down, dots in elements(text)]
    return np.concatenate([silence, *parts, silence])


def wind(rng: np.random.Generator) -> Samples:
    """Brown noise in gusts, -1 to 1."""
    length = WIND_SECONDS * RATE
    brown = np.cumsum(rng.standard_normal(length))
    brown -= np.convolve(brown, np.ones(RATE // 20) / (RATE // 20), "same")  # no drift
    gusts = 0.6 + 0.4 * np.sin(2 * np.pi * np.arange(length) / RATE / rng.uniform(2, 4))
    blown = brown * gusts
    return np.asarray(blown / np.abs(blown).max())


def _tone(seconds: float) -> Samples:
    times = np.arange(round(seconds * RATE)) / RATE
    ramp = np.clip(np.minimum(times, times[::-1]) / RAMP_SECONDS, 0, 1)
    return np.asarray(np.sin(2 * np.pi * TONE_HERTZ * times) * ramp)


def _misheard(text: str, draw: random.Random) -> str:
    """One letter is another one."""
    place = draw.choice([place for place, letter in enumerate(text) if letter != " "])
    other = draw.choice([letter for letter in CODE if letter != text[place]])
    return text[:place] + other + text[place + 1 :]


def _write(file: Path, samples: Samples) -> None:
    with wave.open(str(file), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(RATE)
        sound.writeframes(np.round(samples * 32_767).astype("<i2").tobytes())


def _table(file: Path, texts: dict[str, str]) -> None:
    with file.open("w", newline="", encoding="utf-8") as stream:
        rows = csv.writer(stream)
        rows.writerow(("file", "transcript"))
        rows.writerows(texts.items())


def main(folder: Path, count: Annotated[int, typer.Option()] = 12, seed: Annotated[int, typer.Option()] = 7) -> None:
    sounds = key_morse(folder, count=count, seed=seed)
    typer.echo(f"{len(sounds.answers)} clips in {sounds.clips}")


if __name__ == "__main__":
    typer.run(main)
