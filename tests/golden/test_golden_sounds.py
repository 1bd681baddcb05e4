"""The steps of sound against vectors that were written once and listened to.

Samples may differ by rounding between processors, so they are compared with a tolerance; drawn values are exact.
`background_noise` has none: what it mixes in is the user's.

`python -m tests.golden.test_golden_sounds` writes vectors that are missing and never touches one that exists. To accept
a change: delete the file, write it anew, listen to it, and say why in the commit.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from augmentation.audio.clip import Clip
from augmentation.audio.medium import encode
from augmentation.audio.reader import read_clip
from augmentation.execution.graph import Intermediate
from augmentation.execution.registry import BY_STEP
from augmentation.seeds import rng_of
from domain.recipe.outputs import Written
from domain.recipe.steps import STEPS_BY_OP, Step, any_step
from tests.support.builders.sounds import speech

FOLDER = Path(__file__).parent
SEED = 20261125
TOLERANCE = 2

VECTORS: dict[str, Step] = {
    op: any_step(step) for op, step in STEPS_BY_OP.items() if step.medium == "audio" and op != "background_noise"
}


def computed(name: str) -> tuple[Clip, dict[str, Any]]:
    step = VECTORS[name]
    values = BY_STEP[type(step)].draw(step, rng_of(SEED))
    clip: Clip = Intermediate(speech(0.25, 8000, channels=2)).then(step, values).settled().media
    return clip, values


@pytest.mark.parametrize("name", VECTORS)
def test_samples_are_as_they_were(name: str) -> None:
    clip, _ = computed(name)
    golden = read_clip((FOLDER / f"{name}.flac").read_bytes())
    assert clip.rate == golden.rate
    assert clip.samples.shape == golden.samples.shape
    assert np.abs(clip.samples.astype(int) - golden.samples).max() <= TOLERANCE


@pytest.mark.parametrize("name", VECTORS)
def test_drawn_values_are_as_they_were(name: str) -> None:
    assert computed(name)[1] == json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


def write_missing() -> None:
    for name in VECTORS:
        clip, values = computed(name)
        if not (FOLDER / f"{name}.flac").exists():
            (FOLDER / f"{name}.flac").write_bytes(encode(clip, Written("flac", 0)))
        if not (FOLDER / f"{name}.json").exists():
            (FOLDER / f"{name}.json").write_text(json.dumps(values, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    write_missing()
