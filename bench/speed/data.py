"""Photo-like JPEGs from a fixed seed: a 1/f spectrum with edges and grain, as cameras make them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np
import simplejpeg
from numpy.typing import NDArray

SEED = 512
GRAIN = 6.0  # standard deviation of the sensor's noise, in 8-bit steps
OCTAVE_GAIN = 0.52  # amplitude from one octave to the next: photos fall off as about 1/frequency (Field 1987)


class Size(NamedTuple):
    """Photos of `width` x `height` pixels and about `target` bytes; `photos` of them."""

    name: str
    width: int
    height: int
    target: int
    photos: int


SIZES = (Size("S", 512, 512, 80_000, 400), Size("L", 4000, 3000, 2_200_000, 48))


def photos(folder: Path, size: Size) -> list[Path]:
    """The files of one size, in the order of their names; those that are there already are not made again."""
    folder.mkdir(parents=True, exist_ok=True)
    return [
        _once(folder / f"{size.name}{number:03}.jpg", partial(photo, size, number)) for number in range(size.photos)
    ]


def _once(path: Path, make: Callable[[], bytes]) -> Path:
    if not path.exists():
        part = path.with_suffix(".part")
        part.write_bytes(make())
        part.rename(path)
    return path


def photo(size: Size, number: int) -> bytes:
    """One JPEG: of the qualities 70 to 96 the one whose file is nearest to the target."""
    pixels = scene(size, np.random.default_rng([SEED, size.width, number]))
    low, high = 70, 96
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if len(_encode(pixels, middle)) <= size.target else (low, middle)
    return _encode(pixels, low)


def _encode(pixels: NDArray[np.uint8], quality: int) -> bytes:
    return bytes(simplejpeg.encode_jpeg(pixels, quality=quality, colorspace="BGR", colorsubsampling="420"))


def scene(size: Size, rng: np.random.Generator) -> NDArray[np.uint8]:
    """height x width x 3: octaves of smooth noise, a few solid shapes with hard edges, and grain."""
    width, height = size.width, size.height
    image = np.full((height, width, 3), 118, np.float32)
    gain, cells = 52.0, 3
    while cells < max(width, height):
        rough = rng.standard_normal((max(2, cells * height // width), cells, 3), dtype=np.float32)
        rough = 0.75 * rough.mean(axis=2, keepdims=True) * 1.7 + 0.25 * rough  # light varies more than color
        image += gain * cv2.resize(rough, (width, height), interpolation=cv2.INTER_CUBIC)
        gain, cells = gain * OCTAVE_GAIN, cells * 2
    for _ in range(12):
        center = tuple(int(value) for value in rng.integers(0, (width, height)))
        axes = tuple(int(value) for value in rng.integers(width // 40, width // 6, 2))
        color = tuple(float(value) for value in rng.integers(20, 235, 3))
        shape = np.zeros((height, width), np.uint8)
        cv2.ellipse(shape, center, axes, float(rng.integers(0, 180)), 0, 360, 1, -1)
        image[shape > 0] = 0.6 * image[shape > 0] + 0.4 * np.array(color, np.float32)
    image += GRAIN * rng.standard_normal(image.shape, dtype=np.float32)
    return np.asarray(np.clip(image, 0, 255), np.uint8)
