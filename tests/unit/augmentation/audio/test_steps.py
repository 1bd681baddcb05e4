"""What each step of sound means, measured on tones and on something like speech."""

from __future__ import annotations

import numpy as np
import pytest

from augmentation.audio.clip import Clip
from augmentation.audio.kernels import colored, level
from tests.support.builders.sound_steps import heard
from tests.support.builders.sounds import level_db, loudest_hertz, speech, tone


@pytest.mark.parametrize("db", [-20.0, -3.0, 0.0, 5.0])
def test_gain_changes_the_level_by_its_decibels(db: float) -> None:
    clip = tone(level=5000)
    assert level_db(heard("gain", clip, db=(db, db)).samples) - level_db(clip.samples) == pytest.approx(db, abs=0.01)


def test_gain_clips_what_does_not_fit() -> None:
    assert heard("gain", tone(level=20_000), db=(20, 20)).samples.max() == 32_767


@pytest.mark.parametrize("snr", [-5.0, 0.0, 10.0, 25.0])
@pytest.mark.parametrize("color", colored.EXPONENTS)
def test_noise_is_as_many_decibels_below_as_drawn(snr: float, color: str) -> None:
    clip = speech(2.0)
    noisy = heard("colored_noise", clip, color=color, snr_db=(snr, snr))
    added = noisy.samples.astype(float) - clip.samples
    clipped = np.abs(noisy.samples.astype(int)) >= 32_767
    assert level_db(clip.samples) - level_db(added[~clipped]) == pytest.approx(snr, abs=0.35 if clipped.any() else 0.02)


@pytest.mark.parametrize("exact", [False, True])
@pytest.mark.parametrize(
    ("color", "slope"), [("white", 0), ("pink", -3.01), ("brown", -6.02), ("blue", 3.01), ("violet", 6.02)]
)
def test_the_spectrum_has_the_slope_of_its_color(color: str, slope: float, exact: bool) -> None:
    """Decibels an octave, from the mean power of octaves between 1/256 and 1/4 of the rate."""
    noise = colored.noise_like(np.zeros((1 << 18, 1), np.int16), color, 7, exact=exact)[:, 0].astype(np.float64)
    power = np.abs(np.fft.rfft(noise)) ** 2
    frequencies = np.fft.rfftfreq(len(noise))
    octaves = [(frequencies >= 2.0**-k) & (frequencies < 2.0 ** (1 - k)) for k in range(3, 9)]
    levels = [10 * np.log10(power[octave].mean()) for octave in octaves]
    measured = np.polyfit([-k for k in range(3, 9)], levels, 1)[0]
    assert measured == pytest.approx(slope, abs=0.12)


@pytest.mark.parametrize("color", colored.EXPONENTS)
def test_the_table_is_normal_and_drawn_noise_has_its_moments(color: str) -> None:
    table = colored.noise_table(color).astype(np.float64)
    assert table.mean() == pytest.approx(0, abs=15)
    assert table.std() == pytest.approx(colored.LEVEL, rel=0.002)
    standard = table / table.std()
    assert (standard**3).mean() == pytest.approx(0, abs=0.06)
    assert (standard**4).mean() == pytest.approx(3, abs=0.12)


def test_two_channels_and_two_clips_share_no_noise() -> None:
    silence = np.zeros((20_000, 2), np.int16)
    one, other = (colored.noise_like(silence, "white", seed, exact=False).astype(float) for seed in (1, 2))
    for first, second in ((one[:, 0], one[:, 1]), (one[:, 0], other[:, 0])):
        spectrum = np.fft.rfft(first) * np.conj(np.fft.rfft(second))
        alike = np.fft.irfft(spectrum) / (np.linalg.norm(first) * np.linalg.norm(second))
        assert np.abs(alike).max() < 6 / len(first) ** 0.5


@pytest.mark.parametrize("color", colored.EXPONENTS)
def test_clips_of_eight_seconds_are_no_more_alike_than_if_each_were_drawn(color: str) -> None:
    """The highest of all correlations of two clips, whichever way one is moved against the other, of 276 pairs.

    A stretch of a fifth of the clips that both have would make it 0.2, and 19 % of the pairs had one.
    """

    def likeness(exact: bool) -> float:
        silence = np.zeros((128_000, 1), np.int16)
        clips = (colored.noise_like(silence, color, seed, exact=exact)[:, 0] / 32768 for seed in range(24))
        spectra = [np.fft.rfft(clip / np.linalg.norm(clip), 1 << 18).astype(np.complex64) for clip in clips]
        return max(
            float(np.abs(np.fft.irfft(one * np.conj(other))).max())
            for number, one in enumerate(spectra)
            for other in spectra[:number]
        )

    assert likeness(exact=False) < likeness(exact=True) * 1.5 + 0.02


@pytest.mark.parametrize("snr", [0.0, 5.0, 10.0, 20.0])
@pytest.mark.parametrize("peak", [1.0, 3.0, 10.0, 40.0])
def test_noise_keeps_its_ratio_below_a_very_quiet_clip(peak: float, snr: float) -> None:
    """Where the noise is less than a step of 16 bits, rounding would take away most of it."""
    clip = tone(seconds=4.0, level=peak)
    noise = colored.noise_like(clip.samples, "white", 5, exact=False)
    added = level.mix(clip.samples, noise, snr).astype(int) - clip.samples
    assert level_db(clip.samples) - level_db(added) == pytest.approx(snr, abs=0.1)


def test_noise_goes_round_at_the_end_of_the_table() -> None:
    wide = np.zeros((colored.TABLE_SIZE // 2, 1), np.int16)
    pieces = [colored.noise_like(wide, "white", seed, exact=False) for seed in range(6)]
    assert all(len(piece) == len(wide) and piece.std() == pytest.approx(colored.LEVEL, rel=0.01) for piece in pieces)


def test_silence_has_no_level_to_be_below_of() -> None:
    silence = np.zeros((100, 1), np.int16)
    assert level.mix(silence, tone().samples[:100], 5) is silence


@pytest.mark.parametrize("factor", [0.5, 0.9, 1.1, 2.0])
def test_speed_changes_length_and_pitch_together(factor: float) -> None:
    found = heard("speed", tone(440, 2.0), factor=(factor, factor))
    assert len(found.samples) == round(32_000 / factor)
    assert loudest_hertz(found) == pytest.approx(440 * factor, rel=1e-3)


@pytest.mark.parametrize("factor", [0.6, 0.9, 1.1, 1.7])
def test_stretching_changes_the_length_and_keeps_the_pitch_and_the_level(factor: float) -> None:
    found = heard("time_stretch", tone(440, 2.0), factor=(factor, factor))
    assert len(found.samples) == round(32_000 / factor)
    assert loudest_hertz(found) == pytest.approx(440, rel=2e-3)  # windows lie at whole frames: 2 of 1,200 cents
    voice = speech(3.0)
    longer = heard("time_stretch", voice, factor=(factor, factor)).samples
    assert level_db(longer) == pytest.approx(level_db(voice.samples), abs=1)
    assert level_db(longer[-len(longer) // 3 :]) == pytest.approx(level_db(voice.samples[-16_000:]), abs=1.5)


@pytest.mark.parametrize("semitones", [-12.0, -2.0, 0.5, 7.0])
def test_pitch_changes_the_pitch_and_keeps_the_length(semitones: float) -> None:
    found = heard("pitch", tone(440, 2.0), semitones=(semitones, semitones))
    assert len(found.samples) == 32_000
    assert loudest_hertz(found) == pytest.approx(440 * 2 ** (semitones / 12), rel=2e-3)


def test_stretching_keeps_channels_together() -> None:
    """A second channel that is half of the first stays half of it."""
    voice = speech(1.0).samples
    found = heard("time_stretch", Clip(np.concatenate([voice, voice // 2], axis=1), 16_000), factor=(0.8, 0.8)).samples
    assert np.abs(found[:, 0] / 2 - found[:, 1]).max() <= 1.5


@pytest.mark.parametrize(
    ("share", "rollover"), [(0.25, False), (-0.25, False), (0.25, True), (-1.0, True), (1.0, False)]
)
def test_a_shift_moves_the_sound_and_fills_the_gap(share: float, rollover: bool) -> None:
    ramp = Clip(np.arange(1, 101, dtype=np.int16)[:, None], 16_000)
    found = heard("time_shift", ramp, share=(share, share), rollover=rollover).samples[:, 0]
    wanted = np.roll(np.arange(1, 101), round(100 * share))
    if not rollover:
        gap = slice(None, round(100 * share)) if share > 0 else slice(round(100 * share), None)
        wanted[gap] = 0
    assert np.array_equal(found, wanted)


def test_trimming_takes_the_quiet_ends_and_leaves_the_margin() -> None:
    rng = np.random.default_rng(3)
    hiss = rng.integers(-3, 4, (8000, 1)).astype(np.int16)
    clip = Clip(np.concatenate([hiss, tone(seconds=0.5).samples, hiss]), 16_000)
    for margin in (0.0, 0.1):
        found = heard("trim", clip, margin=margin)
        assert found.seconds == pytest.approx(0.5 + 2 * margin, abs=0.021)
    assert np.array_equal(heard("trim", Clip(hiss * 0, 16_000)).samples, hiss * 0)


def test_trimming_does_not_cut_quiet_words_within() -> None:
    words = np.concatenate([tone(seconds=0.2).samples, tone(level=20, seconds=0.5).samples, tone(seconds=0.2).samples])
    assert heard("trim", Clip(words, 16_000)).seconds == pytest.approx(0.9, abs=0.02)


@pytest.mark.parametrize(("seconds", "first"), [(0.5, 0), (0.1, 1)])
def test_every_clip_gets_the_length(seconds: float, first: int) -> None:
    clip = Clip(np.full((3201, 2), 9, np.int16), 16_000)
    found = heard("fit_length", clip, seconds=seconds).samples
    assert len(found) == round(seconds * 16_000)
    assert (found[0] == 9).all() == bool(first)
    assert (found[len(found) // 2] == 9).all()


@pytest.mark.parametrize(("hertz", "loss"), [(60, 40), (300, 3), (1000, 0), (3400, 3), (6800, 20)])
def test_a_band_keeps_its_frequencies(hertz: float, loss: float) -> None:
    clip = tone(hertz, 2.0)
    found = heard("band_pass", clip).samples[4000:-4000]
    measured = level_db(clip.samples) - level_db(found)
    assert measured > loss if loss > 10 else measured == pytest.approx(loss, abs=0.3)


def test_a_filter_delays_nothing() -> None:
    click = np.zeros((4001, 1), np.int16)
    click[2000] = 30_000
    found = heard("band_pass", Clip(click, 16_000)).samples[:, 0].astype(int)
    assert int(np.argmax(np.abs(found))) == 2000


@pytest.mark.parametrize("rate", [8000, 22_050, 48_000])
def test_resampling_keeps_pitch_and_duration(rate: int) -> None:
    found = heard("resample", tone(700, 1.0), rate=rate)
    assert (found.rate, len(found.samples)) == (rate, rate)
    assert loudest_hertz(found) == pytest.approx(700, rel=1e-3)
    assert level_db(found.samples) == pytest.approx(level_db(tone(700, 1.0).samples), abs=0.05)


def test_what_the_new_rate_cannot_hold_does_not_come_back_as_another_tone() -> None:
    found = heard("resample", tone(7000, 1.0), rate=8000).samples[200:-200]
    assert level_db(tone().samples) - level_db(found + 0.0) > 60


def test_mono_is_the_mean() -> None:
    clip = Clip(np.array([[10, 20], [-7, -8], [32_767, 32_767]], np.int16), 8000)
    assert heard("mono", clip).samples.tolist() == [[15], [-8], [32_767]]
