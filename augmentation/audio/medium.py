"""Sound: read and written as 16-bit samples, measured, and shown as a picture with a player."""

from __future__ import annotations

import io
import wave

import soundfile

from augmentation.audio.clip import Clip, Samples
from augmentation.audio.pictures import picture
from augmentation.audio.reader import MAX_BYTES, read_clip
from augmentation.image.medium import data_uri
from augmentation.medium import Medium
from domain.recipe import Recipe
from domain.recipe.outputs import Written
from domain.rows import Measures, Picture

ENDINGS = (".flac", ".wav", ".wave")
HEARD_SECONDS, HEARD_RATE = 3, 16_000  # of a clip in the report: some 40 KB each


def medium_for(_: Recipe) -> Medium:
    return Medium(
        endings=ENDINGS,
        max_bytes=MAX_BYTES,
        read=read_clip,
        encode=encode,
        measures=_measures,
        shown=_shown,
        rejected=lambda _: None,
    )


def encode(clip: Clip, written: Written) -> bytes:
    """A file with 16-bit samples: WAV by the standard library, FLAC by libsndfile."""
    data = io.BytesIO()
    if written.format == "wav":
        with wave.open(data, "wb") as file:
            file.setnchannels(clip.samples.shape[1])
            file.setsampwidth(2)
            file.setframerate(clip.rate)
            file.writeframesraw(_little_endian(clip.samples))
    else:
        soundfile.write(data, clip.samples, clip.rate, format="FLAC", subtype="PCM_16")
    return data.getvalue()


def _little_endian(samples: Samples) -> bytes:
    return samples.astype("<i2", copy=False).tobytes()


def _measures(clip: Clip) -> Measures:
    return {"seconds": round(clip.seconds, 6), "rate": clip.rate, "channels": clip.samples.shape[1]}


def _shown(clip: Clip, side: int, _: Measures | None) -> Picture:
    step = max(1, round(clip.rate / HEARD_RATE))
    heard = Clip(clip.samples[: HEARD_SECONDS * clip.rate : step, :1].copy(), clip.rate // step)
    return {"thumbnail": picture(clip, side), "sound": data_uri(encode(heard, Written("flac", 0)), "audio/flac")}
