"""Discovers every transform of sound and holds it to the contract on awkward clips."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from augmentation.audio.clip import Clip
from augmentation.execution.graph import Intermediate
from augmentation.execution.registry import BY_STEP
from augmentation.seeds import rng_of
from domain.recipe.steps import STEP_TYPES, Step, any_step, op_of
from domain.recipe.steps.audio import BackgroundNoise
from tests.support.builders.sounds import sound_bytes, speech, tone

STEPS = [step for step in STEP_TYPES if step.medium == "audio"]
every_step = pytest.mark.parametrize("step", STEPS, ids=op_of)
FULL = np.where(np.arange(999)[:, None] % 2, 32_767, -32_768).astype(np.int16)
CLIPS = {
    "one frame": Clip(np.array([[7]], np.int16), 16_000),
    "two frames of two channels": Clip(np.array([[1, -1], [2, 32_767]], np.int16), 8000),
    "silence": Clip(np.zeros((1601, 1), np.int16), 16_000),
    "as loud as can be": Clip(FULL, 16_000),
    "stereo at 48 kHz": speech(0.31, 48_000, channels=2),
    "odd length at 8 kHz": speech(0.1007, 8000),
    "eight channels": speech(0.05, channels=8),
    "half a minute": speech(30.0, 8000),
}


@pytest.fixture(scope="module", autouse=True)
def _noise(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    folder = tmp_path_factory.mktemp("noise")
    (folder / "hum.wav").write_bytes(sound_bytes(tone(100, 0.3, rate=11_025)))
    patch = pytest.MonkeyPatch()
    patch.setattr("augmentation.audio.backgrounds._folders", {"noise": folder})
    yield
    patch.undo()


def a_step(kind: type[Step]) -> Step:
    step = any_step(kind)
    return step.found(Path("."), {"hum.wav": "ab"}) if isinstance(step, BackgroundNoise) else step


def made(step: Step, clip: Clip, seed: int) -> tuple[Clip, dict[str, Any]]:
    # The place of the noise is the fixture's.
    values = BY_STEP[type(step)].draw(step.model_copy() if isinstance(step, BackgroundNoise) else step, rng_of(seed))
    return Intermediate(clip).then(step, values).settled().media, values


@pytest.fixture(autouse=True)
def _keep_the_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("augmentation.audio.backgrounds.use", lambda _: None)


@every_step
@pytest.mark.parametrize("name", CLIPS)
def test_samples_stay_samples_whatever_the_clip(step: type[Step], name: str) -> None:
    found, _ = made(a_step(step), CLIPS[name], seed=3)
    assert found.samples.dtype == np.int16
    assert found.samples.ndim == 2
    assert len(found.samples) >= 1
    assert found.samples.flags.c_contiguous
    assert found.samples.shape[1] == (1 if op_of(step) == "mono" else CLIPS[name].samples.shape[1])
    assert found.rate == (16_000 if op_of(step) == "resample" else CLIPS[name].rate)


@every_step
def test_the_length_changes_only_where_the_step_says_so(step: type[Step]) -> None:
    found, _ = made(a_step(step), speech(0.4), seed=3)
    if op_of(step) not in ("speed", "time_stretch", "trim", "fit_length"):
        assert len(found.samples) == 6400


@every_step
def test_silence_stays_silent(step: type[Step]) -> None:
    assert not made(a_step(step), CLIPS["silence"], seed=2)[0].samples.any()


@every_step
def test_the_same_seed_draws_the_same_and_what_was_drawn_survives_json(step: type[Step]) -> None:
    clip = speech(0.3)
    (one, first), (other, second) = made(a_step(step), clip, 5), made(a_step(step), clip, 5)
    assert first == second == json.loads(json.dumps(first))
    assert np.array_equal(one.samples, other.samples)
    again = Intermediate(clip).then(a_step(step), json.loads(json.dumps(first))).settled().media
    assert np.array_equal(one.samples, again.samples)


@every_step
def test_the_input_is_not_written_to(step: type[Step]) -> None:
    clip = speech(0.3)
    clip.samples.setflags(write=False)
    before = clip.samples.copy()
    made(a_step(step), clip, 5)
    assert np.array_equal(clip.samples, before)


@every_step
def test_a_step_that_says_it_draws_does_draw(step: type[Step]) -> None:
    drawn = {json.dumps(BY_STEP[step].draw(a_step(step), rng_of(seed)), sort_keys=True) for seed in range(8)}
    fixed = {"low": getattr(a_step(step), "low", None)} == {"low": (300.0, 300.0)}  # the usual telephone draws no range
    assert (len(drawn) > 1) == (step.always_draws and not fixed)
