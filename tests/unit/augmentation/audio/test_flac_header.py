"""FLAC of odd widths and without a total: what libsndfile refuses, read to the sample."""

from __future__ import annotations

import base64

import numpy as np
import pytest

from augmentation.audio.clip import Clip
from augmentation.audio.reader import MAX_SAMPLES, read_clip
from augmentation.errors import BadClip
from tests.support.builders.sounds import sound_bytes, speech

# 48 frames, (number - 24) * (2 ** (bits - 6) + 3), as the reference encoder (flac 1.4.2) writes them.
REFERENCE = {
    12: base64.b64decode(
        "ZkxhQwAAACIQABAAAAAUAAAUA+gAsAAAADBM858nxJ2mvB85NZ6nXNzAhAAAVCAAAAByZWZlcmVuY2UgbGliRkxBQyAxLjQuMiAy"
        "MDIyMTAyMgEAAAAoAAAAV0FWRUZPUk1BVEVYVEVOU0lCTEVfQ0hBTk5FTF9NQVNLPTB4MDAwNP/4ZQQAL8IUm4n7AD///////whx"
    ),
    13: base64.b64decode(
        "ZkxhQwAAACIQABAAAAAVAAAVA+gAwAAAADAST/lhTtcmeHTLRY/zwoBXhAAAVCAAAAByZWZlcmVuY2UgbGliRkxBQyAxLjQuMiAy"
        "MDIyMTAyMgEAAAAoAAAAV0FWRUZPUk1BVEVYVEVOU0lCTEVfQ0hBTk5FTF9NQVNLPTB4MDAwNP/4ZQAAL2kUncUOwA///////8Dx"
        "6g=="
    ),
    20: base64.b64decode(
        "ZkxhQwAAACIQABAAAAAWAAAWA+gBMAAAADDla1fCU5Bk+Y8p31NANW/ZhAAAVCAAAAByZWZlcmVuY2UgbGliRkxBQyAxLjQuMiAy"
        "MDIyMTAyMgEAAAAoAAAAV0FWRUZPUk1BVEVYVEVOU0lCTEVfQ0hBTk5FTF9NQVNLPTB4MDAwNP/4ZQoAL+4Un/uKP7sAP///////"
        "4To="
    ),
    32: base64.b64decode(
        "ZkxhQwAAACIQABAAAAAZAAAZA+gB8AAAADAR6tOgIuAIrubLLhxya3SchAAAVCAAAAByZWZlcmVuY2UgbGliRkxBQyAxLjQuMiAy"
        "MDIyMTAyMgEAAAAoAAAAV0FWRUZPUk1BVEVYVEVOU0lCTEVfQ0hBTk5FTF9NQVNLPTB4MDAwNP/4ZQ4AL0UUn///uKP//7sAP///"
        "////VlM="
    ),
}
TOTAL = slice(21, 26)


@pytest.mark.parametrize("bits", [12, 20, 32])
def test_what_the_reference_encoder_makes_of_odd_widths_is_read_to_the_sample(bits: int) -> None:
    whole = np.arange(-24, 24) * (2 ** (bits - 6) + 3)
    expected = whole << 16 - bits if bits < 16 else whole >> bits - 16
    clip = read_clip(REFERENCE[bits])
    assert clip.rate == 16_000
    assert np.array_equal(clip.samples[:, 0], expected)


def test_a_width_that_no_frame_tells_of_is_refused_by_name() -> None:
    with pytest.raises(BadClip, match="FLAC with 13 bits is not handled; save the clip with 16 bits"):
        read_clip(REFERENCE[13])


def without_total(clip: Clip, subtype: str = "PCM_16") -> bytes:
    """As an encoder leaves it that could not seek back: the total, 36 bits, is 0."""
    data = bytearray(sound_bytes(clip, "FLAC", subtype))
    data[TOTAL] = bytes([data[TOTAL.start] & 0xF0, 0, 0, 0, 0])
    return bytes(data)


@pytest.mark.parametrize("channels", [1, 2, 5])
@pytest.mark.parametrize("seconds", [0.001, 0.3, 1.0, 40.0])
def test_a_flac_without_a_total_is_read_whole(seconds: float, channels: int) -> None:
    """40 s have more than 127 frames of FLAC, whose numbers take two bytes."""
    clip = speech(seconds, channels=channels)
    read = read_clip(without_total(clip))
    assert np.array_equal(read.samples, clip.samples)


def test_a_width_and_a_total_may_both_be_wanting() -> None:
    data = bytearray(REFERENCE[20])
    data[TOTAL] = bytes([data[TOTAL.start] & 0xF0, 0, 0, 0, 0])
    assert np.array_equal(read_clip(bytes(data)).samples, read_clip(REFERENCE[20]).samples)


@pytest.mark.parametrize("cut", [1, 2, 3, 100, 3001])
def test_a_flac_without_a_total_that_ends_within_a_frame_is_truncated(cut: int) -> None:
    with pytest.raises(BadClip, match="the FLAC is truncated: it does not end with a whole frame"):
        read_clip(without_total(speech(1.0))[:-cut])


def test_a_flac_without_a_total_or_any_frame_has_no_frames() -> None:
    data = without_total(speech(0.1))
    with pytest.raises(BadClip, match="the clip has no frames"):
        read_clip(data[: data.index(b"\xff\xf8")])


def test_hours_without_a_total_are_refused_before_they_are_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("augmentation.audio.reader._samples", lambda _: pytest.fail("decoded"))
    silence = Clip(np.zeros((MAX_SAMPLES + 4096, 1), np.int16), 16_000)
    with pytest.raises(BadClip, match=r"has 25,004,096 frames of 1 channels; the limit is 25,000,000 samples"):
        read_clip(without_total(silence))


def test_no_damage_to_a_stream_without_a_total_crashes_the_reader() -> None:
    whole = without_total(speech(0.2))
    rng = np.random.default_rng(6)
    refused = 0
    for number in range(300):
        data = bytearray(whole)
        data[int(rng.integers(80 if number % 2 else len(data)))] = int(rng.integers(256))
        try:
            read_clip(bytes(data[: int(rng.integers(4, len(data)))] if number % 3 == 0 else data))
        except BadClip:
            refused += 1
    assert 100 < refused < 300
