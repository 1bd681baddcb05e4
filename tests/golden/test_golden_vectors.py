"""The engine's outputs against vectors that were written once and looked at.

Pixels may differ by rounding between processors (OpenCV picks its instructions at run time), so they are compared with
a tolerance; drawn values, seeds and names are exact.

`python -m tests.golden.test_golden_vectors` writes vectors that are missing and never touches one that exists. To
accept a change: delete the file, write it anew, look at it, and say why in the commit.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from augmentation.execution.graph import Intermediate
from augmentation.execution.registry import BY_STEP
from augmentation.image.frame import Frame
from augmentation.seeds import rng_of, sequence_seed
from domain.plan.identity import output_identity, output_name
from domain.recipe.steps import STEPS_BY_OP, Step, any_step
from tests.support.builders.photos import any_bgrx

FOLDER = Path(__file__).parent
WIDTH, HEIGHT, SEED = 40, 28, 20261122
MEAN_TOLERANCE, LARGEST_TOLERANCE = 0.5, 4

VECTORS: dict[str, Step] = {
    **{op: any_step(step_type) for op, step_type in STEPS_BY_OP.items() if step_type.medium == "image"},
    "gaussian_noise_exact": STEPS_BY_OP["gaussian_noise"].model_validate(
        {"op": "gaussian_noise", "severity": 3, "exact": True}
    ),
}


def computed(name: str) -> tuple[np.ndarray, dict[str, Any]]:
    step = VECTORS[name]
    values = BY_STEP[type(step)].draw(step, rng_of(SEED))
    work = Intermediate(Frame.whole(any_bgrx(WIDTH, HEIGHT))).then(step, values).settled()
    return work.media.pixels[..., 2::-1], values


@pytest.mark.parametrize("name", VECTORS)
def test_pixels_are_as_they_were(name: str) -> None:
    pixels, _ = computed(name)
    with Image.open(FOLDER / f"{name}.png") as image:
        golden = np.asarray(image.convert("RGB"))
    assert pixels.shape == golden.shape
    difference = np.abs(pixels.astype(int) - golden.astype(int))
    assert difference.mean() <= MEAN_TOLERANCE
    assert difference.max() <= LARGEST_TOLERANCE


@pytest.mark.parametrize("name", VECTORS)
def test_drawn_values_are_as_they_were(name: str) -> None:
    golden = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    assert computed(name)[1] == golden


def test_seeds_identities_and_names_are_as_they_were() -> None:
    """Another value here would make every file of every data set anew."""
    assert sequence_seed(7, "face_11_Zoë.jpg", "varied", 3) == 8978569754168322150
    identity = output_identity("face_11_Zoë.jpg", "ab" * 32, "mouth open", "cd" * 32, 3, 7)
    assert identity == "d6b3dbac46b9a5adc035a6847ef8e79bcafb15b457882936ab31ff7e599498ed"
    assert output_name("face_11_Zoë.jpg", "varied", 3, identity, "jpg") == "face_11_Zoe~varied~3~d6b3dbac.jpg"


def write_missing() -> None:
    for name in VECTORS:
        pixels, values = computed(name)
        if not (FOLDER / f"{name}.png").exists():
            Image.fromarray(np.ascontiguousarray(pixels)).save(FOLDER / f"{name}.png")
        if not (FOLDER / f"{name}.json").exists():
            (FOLDER / f"{name}.json").write_text(json.dumps(values, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    write_missing()
