"""`time_stretch` keeps what is heard: spectra as near as a peer's, and each click once."""

from __future__ import annotations

import numpy as np
import pytest

from augmentation.audio.clip import Samples
from augmentation.audio.kernels.onsets import onsets
from augmentation.audio.kernels.wsola import stretched
from tests.support.builders.sounds import speech, tone
from tests.support.mel import mel_distance

RATE = 16_000
# `tempo -s` of SoX 14.4.2 on the same clips; `tempo` with its own settings is further away, by 0.5 to 2.5 dB.
SOX = {
    (1, 0.67): 2.22, (1, 0.8): 1.72, (1, 0.9): 1.69, (1, 1.1): 1.74, (1, 1.25): 2.43, (1, 1.5): 3.24,
    (5, 0.67): 2.15, (5, 0.8): 1.71, (5, 0.9): 1.55, (5, 1.1): 1.81, (5, 1.25): 2.47, (5, 1.5): 3.31,
}  # fmt: skip


@pytest.mark.parametrize(("seed", "factor"), SOX)
def test_spectra_are_at_least_as_near_as_those_of_sox(seed: int, factor: float) -> None:
    clip = speech(3.0, seed=seed).samples
    assert mel_distance(clip, stretched(clip, RATE, factor), RATE, factor) <= SOX[seed, factor]


def clicks(decay_seconds: float, seed: int, bed: float = 0) -> Samples:
    """16 in 4 s, not quite evenly, over a hum."""
    rng = np.random.default_rng(seed)
    signal = np.zeros(4 * RATE)
    for number in range(16):
        start = round((number + 0.5) * RATE / 4) + int(rng.integers(-200, 200))
        time = np.arange(round(0.02 * RATE)) / RATE
        click = rng.normal(size=len(time)) * np.exp(-time / decay_seconds)
        signal[start : start + len(time)] += click / np.abs(click).max()
    hum = bed * np.sin(2 * np.pi * 200 * np.arange(len(signal)) / RATE)
    return np.rint(20_000 * signal + hum).clip(-32768, 32767).astype(np.int16)[:, None]


def loud_moments(samples: Samples) -> int:
    """Stretches louder than a quarter of the loudest sample, with 8 ms between them."""
    loud = np.flatnonzero(np.abs(samples[:, 0].astype(int)) > np.abs(samples.astype(int)).max() / 4)
    return 1 + int((np.diff(loud) > 0.008 * RATE).sum())


@pytest.mark.parametrize("factor", [0.5, 0.6, 0.8, 0.9, 1.1, 1.25, 1.5, 1.8, 2.0])
@pytest.mark.parametrize(("decay", "seed", "bed"), [(1e-5, 0, 0), (0.0005, 1, 0), (0.002, 2, 0), (0.002, 3, 300)])
def test_a_click_is_heard_once(decay: float, seed: int, bed: float, factor: float) -> None:
    clip = clicks(decay, seed, bed)
    assert loud_moments(clip) == 16
    assert 15 <= loud_moments(stretched(clip, RATE, factor)) <= 17


def test_clicks_keep_their_places_to_a_few_hundredths_of_a_second() -> None:
    clip = clicks(0.0005, 4)
    before, after = onsets(clip[:, 0].astype(np.float32), RATE), onsets(stretched(clip, RATE, 0.8)[:, 0] + 0.0, RATE)
    assert len(before) == len(after) == 16
    assert np.abs(after * 0.8 - before).max() < 0.04 * RATE


def test_a_voice_and_a_tone_have_few_sudden_beginnings() -> None:
    assert len(onsets(tone(seconds=3.0).samples[:, 0].astype(np.float32), RATE)) == 0
    assert len(onsets(speech(3.0).samples[:, 0].astype(np.float32), RATE)) <= 10  # nine syllables
    assert len(onsets(np.zeros(5, np.float32), RATE)) == 0


@pytest.mark.parametrize("factor", [0.8, 0.9, 1.1, 1.25])
def test_a_deep_voice_stays_clean(factor: float) -> None:
    """The harmonics of 85 Hz: what lies between them is 35 dB below, as SoX has it."""
    time = np.arange(3 * RATE) / RATE
    voice = sum(np.sin(2 * np.pi * 85 * number * time + number) / (1 + number / 2) for number in range(1, 20))
    made = stretched(np.rint(3000 * np.asarray(voice)).astype(np.int16)[:, None], RATE, factor)[2000:-2000, 0]
    power = np.abs(np.fft.rfft(made * np.blackman(len(made)))) ** 2
    hertz = np.fft.rfftfreq(len(made), 1 / RATE)
    harmonic = np.abs(hertz - 85 * np.clip(np.rint(hertz / 85), 1, 19)) < np.maximum(4, 0.004 * hertz)
    assert 10 * np.log10(power[harmonic].sum() / power[~harmonic].sum()) > 35
