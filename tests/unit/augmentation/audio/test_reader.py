"""Which clips are read and how, and with which reason the others are refused."""

from __future__ import annotations

import io
import struct
from pathlib import Path

import numpy as np
import pytest
import soundfile

from augmentation.audio.clip import Clip
from augmentation.audio.medium import encode
from augmentation.audio.reader import MAX_SAMPLES, read_clip
from augmentation.errors import BadClip
from domain.recipe.outputs import Written
from tests.support.builders.sounds import sound_bytes, speech, tone


def reason(data: bytes) -> str:
    with pytest.raises(BadClip) as error:
        read_clip(data)
    return str(error.value)


@pytest.mark.parametrize("form", ["wav", "flac"])
@pytest.mark.parametrize("channels", [1, 2, 5])
@pytest.mark.parametrize("rate", [8000, 16_000, 44_100, 48_000])
def test_what_is_written_is_read_again_to_the_sample(form: str, channels: int, rate: int) -> None:
    clip = speech(0.1, rate, channels=channels)
    read = read_clip(encode(clip, Written(form, 0)))
    assert read.rate == rate
    assert np.array_equal(read.samples, clip.samples)


def test_our_wav_is_what_libsndfile_writes() -> None:
    clip = speech(0.05)
    assert encode(clip, Written("wav", 0)) == sound_bytes(clip)


@pytest.mark.parametrize(
    ("subtype", "tolerance"), [("PCM_24", 0), ("PCM_32", 0), ("PCM_U8", 256), ("FLOAT", 0), ("DOUBLE", 0)]
)
def test_other_widths_become_16_bits(subtype: str, tolerance: int) -> None:
    clip = tone(level=20_000)
    data = io.BytesIO()
    values = clip.samples / 32_767 if subtype in ("FLOAT", "DOUBLE") else clip.samples
    soundfile.write(data, values, clip.rate, format="WAV", subtype=subtype)
    assert np.abs(read_clip(data.getvalue()).samples.astype(int) - clip.samples).max() <= tolerance


def test_floats_beyond_one_are_clipped() -> None:
    data = io.BytesIO()
    soundfile.write(data, np.array([0.0, 0.5, 1.0, 3.0, -1.0, -9.0]), 16_000, format="WAV", subtype="FLOAT")
    assert read_clip(data.getvalue()).samples[:, 0].tolist() == [0, 16_384, 32_767, 32_767, -32_767, -32_768]


def test_what_is_no_number_is_refused() -> None:
    data = io.BytesIO()
    soundfile.write(data, np.array([0.0, np.nan]), 16_000, format="WAV", subtype="FLOAT")
    assert reason(data.getvalue()) == "some samples are no numbers (NaN or infinite)"


def with_header(rate: int = 16_000, channels: int = 1, frames: int = 100, form: int = 1, bits: int = 16) -> bytes:
    """A WAV whose header says this, and that has the bytes for it."""
    block = channels * bits // 8
    body = bytes(min(frames * block, 100_000))
    head = struct.pack("<4sIHHIIHH", b"fmt ", 16, form, channels, rate, rate * block, block, bits)
    return (
        b"RIFF"
        + struct.pack("<I", 4 + len(head) + 8 + len(body))
        + b"WAVE"
        + head
        + b"data"
        + struct.pack("<I", len(body))
        + body
    )


def test_headers_out_of_bounds_are_refused_before_anything_is_decoded() -> None:
    assert "the rate is 1,000 Hz" in reason(with_header(rate=1000))
    assert "the rate is 400,000 Hz" in reason(with_header(rate=400_000))
    assert "9 channels; the limit is 8" in reason(with_header(channels=9))
    assert reason(with_header(frames=0)) == "the clip has no frames"
    assert "ULAW are not handled" in reason(sound_bytes(tone(), "WAV", "ULAW"))


def test_a_clip_of_hours_is_refused_by_its_header() -> None:
    """Silence: 50 MB of samples in a few thousand bytes."""
    silence = Clip(np.zeros((MAX_SAMPLES + 4096, 1), np.int16), 16_000)
    data = sound_bytes(silence, "FLAC")
    assert len(data) < 400_000
    assert "the limit is 25,000,000 samples" in reason(data)


@pytest.mark.parametrize("kind", ["WAV", "FLAC"])
@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.999])
def test_a_truncated_file_is_refused(kind: str, share: float) -> None:
    data = sound_bytes(speech(1.0), kind)
    assert reason(data[: int(len(data) * share)])


def test_a_streamed_wav_of_unknown_size_is_read() -> None:
    data = bytearray(sound_bytes(tone(seconds=0.1)))
    data[4:8] = b"\xff\xff\xff\xff"
    assert len(read_clip(bytes(data)).samples) == 1600


@pytest.mark.parametrize(
    "data",
    [b"", b"RIFF", b"fLaC", b"RIFF\x04\x00\x00\x00WAVE", b"\xff\xd8\xff\xe0 a photo", b"ID3\x04 a song", b"text" * 99],
)
def test_what_is_no_clip_is_refused_with_a_reason(data: bytes) -> None:
    assert reason(data)


def test_other_kinds_of_sound_are_named() -> None:
    assert reason(sound_bytes(tone(), "AIFF")) == "AIFF is not handled; save the clip as WAV or FLAC"


@pytest.mark.parametrize("kind", ["WAV", "FLAC"])
def test_no_damage_crashes_the_reader(kind: str, tmp_path: Path) -> None:
    """Bytes changed, cut out and put in, at 300 places: a clip or a reason."""
    whole = sound_bytes(speech(0.2), kind)
    rng = np.random.default_rng(5)
    outcomes = {"read": 0, "refused": 0}
    for number in range(300):
        data = bytearray(whole)
        place = int(rng.integers(len(data) if number % 2 else 80))
        piece = bytes(rng.integers(0, 256, int(rng.integers(1, 9)), dtype=np.uint8))
        data[place : place + (len(piece) if number % 3 else 0)] = piece
        try:
            clip = read_clip(bytes(data))
        except BadClip:
            outcomes["refused"] += 1
        else:
            assert clip.samples.dtype == np.int16
            assert clip.samples.ndim == 2
            assert len(clip.samples) >= 1
            outcomes["read"] += 1
    assert min(outcomes.values()) > 20
