"""Steps that change sound: clips of 16-bit samples."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, PrivateAttr

from domain.recipe.steps.base import ORDERED, Medium, Step

Decibels = Annotated[float, Field(ge=-60, le=60)]
Factor = Annotated[float, Field(ge=0.25, le=4)]
Semitones = Annotated[float, Field(ge=-24, le=24)]
Share = Annotated[float, Field(ge=-1, le=1)]
Seconds = Annotated[float, Field(gt=0, le=3600)]
Hertz = Annotated[float, Field(ge=1, le=96_000)]
Rate = Annotated[int, Field(ge=4000, le=192_000)]
SignalToNoise = Annotated[tuple[Decibels, Decibels], ORDERED]


class SoundStep(Step):
    """A step of a recipe for clips."""

    medium: ClassVar[Medium] = "audio"


class ColoredNoise(SoundStep):
    """Add noise `snr_db` decibels below the clip: white, or with 3 dB less an octave (pink), 6 less (brown), 3 more
    (blue) or 6 more (violet).

    Levels are root mean squares of the whole clip; a silent clip stays silent. Power is flat below 1/800 of the rate
    (20 Hz at 16 kHz). The noise comes from a table of 2^20 values, from places of its own and with signs of its own
    in each clip and channel; `exact: true` draws every value.
    """

    op: Literal["colored_noise"]
    snr_db: SignalToNoise = (5.0, 20.0)
    color: Literal["white", "pink", "brown", "blue", "violet"] = "white"
    exact: bool = False


class BackgroundNoise(SoundStep):
    """Add a part of one of the clips below `folder`, `snr_db` decibels below the clip; a shorter one goes round.

    The part of a longer one is never put together of its end and its start. `folder` lies beside the recipe. The clips'
    names and SHA-256 belong to the step (`clips`, filled in when a run starts): another noise makes other files. Levels
    are root mean squares; silence stays silent. A run on AWS names a prefix that holds `folder`: `backgrounds`.
    """

    op: Literal["background_noise"]
    folder: Annotated[str, Field(min_length=1)]
    snr_db: SignalToNoise = (5.0, 20.0)
    clips: dict[str, str] = Field(default_factory=dict, description="Name and SHA-256 of each clip; leave it out.")
    example: ClassVar[Mapping[str, Any]] = {"folder": "noise", "snr_db": (5, 20)}
    _place: Path | None = PrivateAttr(None)

    def found(self, place: Path, clips: dict[str, str]) -> BackgroundNoise:
        """With the folder's place on this machine, which decides nothing, and its clips."""
        step = self.model_copy(update={"clips": clips})
        step._place = place
        return step

    @property
    def place(self) -> Path | None:
        return self._place

    def __hash__(self) -> int:
        return hash((self.folder, self.snr_db, tuple(self.clips), self.probability))


class Gain(SoundStep):
    """Louder or softer by `db` decibels; what does not fit into 16 bits is clipped."""

    op: Literal["gain"]
    db: Annotated[tuple[Decibels, Decibels], ORDERED] = (-6.0, 6.0)


class Speed(SoundStep):
    """Faster (above 1) or slower, as a tape is, pitch and length along; the logarithm of `factor` is uniform."""

    op: Literal["speed"]
    factor: Annotated[tuple[Factor, Factor], ORDERED] = (0.9, 1.1)


class TimeStretch(SoundStep):
    """Faster (above 1) or slower at the same pitch, by overlapping similar waves (Verhelst and Roelands 1993).

    The logarithm of `factor` is uniform.
    """

    op: Literal["time_stretch"]
    factor: Annotated[tuple[Factor, Factor], ORDERED] = (0.9, 1.1)


class Pitch(SoundStep):
    """Higher (above 0) or lower by semitones; the length stays."""

    op: Literal["pitch"]
    semitones: Annotated[tuple[Semitones, Semitones], ORDERED] = (-2.0, 2.0)


class TimeShift(SoundStep):
    """Move the sound by a share of its length, later when above 0; silence comes in, or by `rollover` the rest."""

    op: Literal["time_shift"]
    share: Annotated[tuple[Share, Share], ORDERED] = (-0.1, 0.1)
    rollover: bool = False


class Trim(SoundStep):
    """Take away the start and end that are `threshold_db` below the loudest 10 ms, but for `margin` seconds."""

    op: Literal["trim"]
    threshold_db: Annotated[float, Field(gt=0, le=96)] = 40.0
    margin: Annotated[float, Field(ge=0, le=60)] = 0.05
    always_draws: ClassVar[bool] = False


class FitLength(SoundStep):
    """Make every clip `seconds` long: cut the middle out, or put silence on both sides."""

    op: Literal["fit_length"]
    seconds: Seconds
    always_draws: ClassVar[bool] = False
    example: ClassVar[Mapping[str, Any]] = {"seconds": 0.5}


class BandPass(SoundStep):
    """Keep the frequencies from `low` to `high` hertz, as a telephone does: Butterworth, 24 dB an octave, no delay."""

    op: Literal["band_pass"]
    low: Annotated[tuple[Hertz, Hertz], ORDERED] = (300.0, 300.0)
    high: Annotated[tuple[Hertz, Hertz], ORDERED] = (3400.0, 3400.0)


class Resample(SoundStep):
    """Make the rate `rate` frames a second; what the new rate cannot hold is filtered out."""

    op: Literal["resample"]
    rate: Rate
    always_draws: ClassVar[bool] = False
    example: ClassVar[Mapping[str, Any]] = {"rate": 16_000}


class Mono(SoundStep):
    """The mean of all channels."""

    op: Literal["mono"]
    always_draws: ClassVar[bool] = False


STEPS: tuple[type[Step], ...] = (
    ColoredNoise,
    BackgroundNoise,
    Gain,
    Speed,
    TimeStretch,
    Pitch,
    TimeShift,
    Trim,
    FitLength,
    BandPass,
    Resample,
    Mono,
)
