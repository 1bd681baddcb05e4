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

from augmentation.execution import Work
from augmentation.frame import Frame
from augmentation.image.registry import TRANSFORMS
from augmentation.seeds import generator, sequence_seed
from domain.identity import output_identity, output_name
from domain.recipe.steps import STEPS_BY_OP, op_of
from tests.support.photos import any_bgrx

FOLDER = Path(__file__).parent
WIDTH, HEIGHT, SEED = 40, 28, 20261122
MEAN_TOLERANCE, LARGEST_TOLERANCE = 0.5, 4

VECTORS: dict[str, dict[str, Any]] = {
    "resize_crop": {"op": "resize_crop", "width": 17, "height": 20},
    "gaussian_noise": {"op": "gaussian_noise", "severity": 3},
    "gaussian_noise_exact": {"op": "gaussian_noise", "severity": 3, "exact": True},
    "rotate": {"op": "rotate", "degrees": [-30, 30]},
    "flip": {"op": "flip"},
    "zoom": {"op": "zoom", "factor": [0.7, 1.4]},
    "brightness_contrast": {"op": "brightness_contrast", "brightness": [-0.2, 0.2], "contrast": [-0.3, 0.3]},
    "grayscale": {"op": "grayscale"},
}


def computed(name: str) -> tuple[np.ndarray, dict[str, Any]]:
    step = STEPS_BY_OP[VECTORS[name]["op"]].model_validate(VECTORS[name])
    transform = next(transform for transform in TRANSFORMS if transform.step is type(step))
    values = transform.draw(step, generator(SEED))
    work = Work(Frame.whole(any_bgrx(WIDTH, HEIGHT))).then(step, values).settled()
    return work.frame.pixels[..., 2::-1], values


def test_every_transform_has_a_vector() -> None:
    assert {vector["op"] for vector in VECTORS.values()} == {op_of(transform.step) for transform in TRANSFORMS}


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
    golden = json.loads((FOLDER / "values.json").read_text(encoding="utf-8"))
    assert computed(name)[1] == golden[name]


def test_seeds_identities_and_names_are_as_they_were() -> None:
    """Another value here would make every file of every data set anew."""
    assert sequence_seed(7, "face_11_Zoë.jpg", "varied", 3) == 8978569754168322150
    identity = output_identity("face_11_Zoë.jpg", "ab" * 32, "mouth open", "cd" * 32, 3, 7)
    assert identity == "d6b3dbac46b9a5adc035a6847ef8e79bcafb15b457882936ab31ff7e599498ed"
    assert output_name("face_11_Zoë.jpg", "varied", 3, identity, "jpg") == "face_11_Zoe~varied~3~d6b3dbac.jpg"


def write_missing() -> None:
    for name in VECTORS:
        if not (FOLDER / f"{name}.png").exists():
            Image.fromarray(np.ascontiguousarray(computed(name)[0])).save(FOLDER / f"{name}.png")
    if not (FOLDER / "values.json").exists():
        values = {name: computed(name)[1] for name in VECTORS}
        (FOLDER / "values.json").write_text(json.dumps(values, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    write_missing()
