"""WAV files that are cut, streamed or badly padded."""

from __future__ import annotations

import struct

import numpy as np
import pytest

from augmentation.audio.reader import read_clip
from augmentation.errors import BadClip
from tests.support.builders.sounds import sound_bytes, speech, tone

CLIP = speech(0.2)
HEADER = 44  # bytes before the samples


def with_sizes(data: bytes, riff: int, samples: int) -> bytes:
    return b"RIFF" + struct.pack("<I", riff) + data[8:40] + struct.pack("<I", samples) + data[HEADER:]


def chunk(name: bytes, content: bytes) -> bytes:
    return name + struct.pack("<I", len(content)) + content


def wav(*chunks: bytes) -> bytes:
    return chunk(b"RIFF", b"WAVE" + b"".join(chunks))


def test_samples_that_are_cut_are_seen_where_the_size_of_the_file_fits() -> None:
    """As a tool leaves it that mends the file's size and forgets that of the samples."""
    whole = sound_bytes(CLIP)
    cut = whole[:-1000]
    with pytest.raises(BadClip, match=r"the WAV is truncated: 5,400 of 6,400 bytes of its samples are there"):
        read_clip(with_sizes(cut, len(cut) - 8, 6400))


def test_so_they_are_behind_other_chunks_and_in_the_other_byte_order() -> None:
    body = sound_bytes(CLIP)[HEADER:]
    form = sound_bytes(CLIP)[12:36]
    cut = wav(chunk(b"LIST", b"odd"), b"\0", form, b"data" + struct.pack("<I", len(body)) + body[:-2])
    with pytest.raises(BadClip, match="6,398 of 6,400 bytes"):
        read_clip(cut)
    swapped = struct.pack(">4sIHHIIHH", b"fmt ", 16, 1, 1, 16_000, 32_000, 2, 16)
    other = b"RIFX" + struct.pack(">I", 1036) + b"WAVE" + swapped + b"data" + struct.pack(">I", 1000) + body[:999]
    with pytest.raises(BadClip, match="999 of 1,000 bytes"):
        read_clip(other)


@pytest.mark.parametrize("before", [b"", chunk(b"LIST", b"even")])
def test_a_pad_byte_that_is_missing_harms_nothing(before: bytes) -> None:
    form = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, 16_000, 16_000, 1, 8)
    body = np.arange(100, 201, dtype=np.uint8).tobytes()  # 101 samples of a byte
    padded = wav(before, form, chunk(b"data", body), b"\0")
    assert np.array_equal(read_clip(padded[:-1]).samples, read_clip(padded).samples)
    assert len(read_clip(padded).samples) == 101
    with pytest.raises(BadClip, match="the WAV is truncated"):
        read_clip(padded[:-2])


@pytest.mark.parametrize(
    ("riff", "samples"), [(0xFFFFFFFF, 0xFFFFFFFF), (0x7FFFF024, 0x7FFFF000), (0x7FFFF044, 0x7FFFEFFF)]
)
def test_what_ffmpeg_and_sox_write_into_a_pipe_is_read_whole(riff: int, samples: int) -> None:
    read = read_clip(with_sizes(sound_bytes(CLIP), riff, samples))
    assert np.array_equal(read.samples, CLIP.samples)


def test_a_file_that_lost_what_comes_after_its_samples_is_truncated() -> None:
    whole = wav(sound_bytes(tone())[12:], chunk(b"LIST", bytes(100)))
    with pytest.raises(BadClip, match="the WAV is truncated"):
        read_clip(whole[:-50])
