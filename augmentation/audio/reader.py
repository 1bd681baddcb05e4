"""Reads a WAV or FLAC file as 16-bit samples, or says why not."""

from __future__ import annotations

import io

import numpy as np
import soundfile

from augmentation.audio import flac_header, wav_chunks
from augmentation.audio.clip import Clip, Samples
from augmentation.errors import BadClip

FORMATS = ("WAV", "WAVEX", "FLAC")
MAX_BYTES = 110_000_000
# Frames x channels: 26 minutes at 16 kHz, and 50 MB in memory. Spectra of whole clips take ten times that.
MAX_SAMPLES = 25_000_000
MAX_CHANNELS = 8
RATES = (4_000, 192_000)
INTEGERS = ("PCM_16", "PCM_24", "PCM_32", "PCM_S8", "PCM_U8")
FLOATS = ("FLOAT", "DOUBLE")


def read_clip(data: bytes) -> Clip:
    """The clip in `data`. 20, 24 and 32 bits lose the lower ones; of floats 1.0 becomes 32,767, and more is clipped.

    Raises:
        BadClip: empty, too long, truncated, with other samples or channels than are handled, or no WAV or FLAC.
    """
    if not data:
        raise BadClip("the file is empty")
    if data[:4] in wav_chunks.BYTE_ORDERS and data[8:12] == b"WAVE":
        wav_chunks.check_whole(data)
    elif data[:4] == flac_header.MAGIC:
        data = flac_header.readable(data)
    try:
        with soundfile.SoundFile(io.BytesIO(data)) as file:
            _guard(file)
            samples = _samples(file)
            frames, rate = file.frames, file.samplerate
    except soundfile.LibsndfileError as error:
        raise BadClip(f"not a WAV or FLAC file that can be read ({error.error_string})") from error
    if len(samples) < frames:
        raise BadClip(f"the file is truncated: {len(samples):,} of {frames:,} frames are there")
    return Clip(samples, rate)


def _guard(file: soundfile.SoundFile) -> None:
    """By the header, before anything is decoded."""
    if file.format not in FORMATS:
        raise BadClip(f"{file.format} is not handled; save the clip as WAV or FLAC")
    if file.subtype not in (*INTEGERS, *FLOATS):
        raise BadClip(f"samples of the kind {file.subtype} are not handled; save the clip with 16 bits")
    if not 1 <= file.channels <= MAX_CHANNELS:
        raise BadClip(f"the clip has {file.channels} channels; the limit is {MAX_CHANNELS}")
    if not RATES[0] <= file.samplerate <= RATES[1]:
        raise BadClip(f"the rate is {file.samplerate:,} Hz; {RATES[0]:,} to {RATES[1]:,} are handled")
    if file.frames < 1:
        raise BadClip("the clip has no frames")
    if file.frames * file.channels > MAX_SAMPLES:
        raise BadClip(
            f"the clip has {file.frames:,} frames of {file.channels} channels; the limit is {MAX_SAMPLES:,} samples"
        )


def _samples(file: soundfile.SoundFile) -> Samples:
    if file.subtype in INTEGERS:
        return np.asarray(file.read(dtype="int16", always_2d=True), np.int16)
    values = file.read(dtype="float32", always_2d=True)
    if not np.isfinite(values).all():
        raise BadClip("some samples are no numbers (NaN or infinite)")
    return np.asarray(np.rint(np.clip(values * np.float32(32767), -32768, 32767)), np.int16)
