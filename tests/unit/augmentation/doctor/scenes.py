"""Pictures with something to see at every scale, as photos have it."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np


def scene(seed: int, height: int = 300, width: int = 240) -> np.ndarray:
    """Noise of octaves (Perlin, "An Image Synthesizer", 1985): no other seed's is like it."""
    draw = np.random.default_rng(seed)
    picture = np.zeros((height, width, 3), np.float32)
    for octave in range(2, 10):
        side = 2**octave
        noise = draw.normal(0, 1, (side, side, 3)).astype(np.float32)
        picture += cv2.resize(noise, (width, height), interpolation=cv2.INTER_CUBIC) * 0.7**octave
    picture = 127 + 60 * picture / picture.std()
    return np.clip(picture, 0, 255).astype(np.uint8)


def gray(picture: np.ndarray) -> np.ndarray:
    return cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)


def write(file: Path, picture: np.ndarray) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    assert cv2.imwrite(str(file), np.ascontiguousarray(picture))
