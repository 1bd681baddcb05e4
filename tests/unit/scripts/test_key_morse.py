from __future__ import annotations

import csv
import wave
from itertools import groupby
from pathlib import Path

import numpy as np
import pytest

from scripts.key_morse import CODE, RATE, WORDS_A_MINUTE, elements, key_morse

DOT = 1.2 / WORDS_A_MINUTE


def samples_of(file: Path) -> np.ndarray:
    with wave.open(str(file), "rb") as sound:
        assert (sound.getframerate(), sound.getnchannels(), sound.getsampwidth()) == (RATE, 1, 2)
        return np.frombuffer(sound.readframes(sound.getnframes()), "<i2") / 32_768


def heard(file: Path) -> str:
    """The text of a clip by ear: where it is loud, for how many dots."""
    window = round(0.005 * RATE)
    samples = samples_of(file)
    loud = np.sqrt(np.convolve(samples**2, np.ones(window) / window, "same")) > 0.1
    runs = [(bool(down), round(len(list(run)) / RATE / DOT)) for down, run in groupby(loud)][1:-1]
    letters = {code: letter for letter, code in CODE.items()}
    text, marks = "", ""
    for down, dots in [*runs, (False, 3)]:
        if down:
            marks += "-" if dots == 3 else "."
        elif dots >= 3:
            text, marks = text + letters[marks] + (" " if dots == 7 else ""), ""
    return text


def test_a_clip_says_its_answer_and_every_fourth_transcript_is_wrong_by_a_letter(tmp_path: Path) -> None:
    sounds = key_morse(tmp_path)
    assert {file.name: heard(file) for file in sounds.clips.iterdir()} == sounds.answers
    wrong = [name for name, text in sounds.answers.items() if sounds.transcripts[name] != text]
    assert wrong == ["morse_01.wav", "morse_05.wav", "morse_09.wav"]
    for name in wrong:
        pairs = zip(sounds.answers[name], sounds.transcripts[name], strict=True)
        assert sum(right != told for right, told in pairs) == 1


def test_the_tables_hold_what_is_told(tmp_path: Path) -> None:
    sounds = key_morse(tmp_path, count=3)
    for file, texts in (("transcripts.csv", sounds.transcripts), ("answers.csv", sounds.answers)):
        with (tmp_path / file).open(newline="") as lines:
            assert {row["file"]: row["transcript"] for row in csv.DictReader(lines)} == texts


def test_the_word_by_which_speed_is_counted_has_fifty_dots() -> None:
    """PARIS, with the seven dots behind it."""
    assert sum(dots for _, dots in elements("PARIS")) + 7 == 50


def test_the_same_seed_makes_the_same_bytes_and_wind_is_no_tone(tmp_path: Path) -> None:
    one, other = key_morse(tmp_path / "one"), key_morse(tmp_path / "other")
    files = [path.relative_to(tmp_path / "one") for path in (tmp_path / "one").rglob("*.wav")]
    assert len(files) == 14
    assert all((tmp_path / "one" / file).read_bytes() == (tmp_path / "other" / file).read_bytes() for file in files)
    spectrum = np.abs(np.fft.rfft(samples_of(one.noise / "wind/wind_1.wav"))) ** 2
    assert spectrum[: len(spectrum) // 16].sum() > 0.9 * spectrum.sum()  # below 500 Hz
    assert other.noise.is_dir()


@pytest.mark.parametrize("count", [0, 15])
def test_a_number_of_clips_that_cannot_be_is_refused(count: int, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=f"count is {count}, but must lie between 1 and 14"):
        key_morse(tmp_path, count=count)
