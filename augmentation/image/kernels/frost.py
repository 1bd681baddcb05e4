"""Ice on a pane, drawn instead of photographed."""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np

from augmentation.frame import Pixels
from augmentation.image.kernels.scale import Field, fractal, generator, grid_of, resized

CRYSTAL = 40  # mean distance of two crystals' seeds, in cells of the grid
NEEDLES_SEED = 20190328  # fixed for ever: another texture would be other ice
NEEDLES_SIDE = 256
NEEDLES = ((12, 0.8, 0.6), (5, 1.6, 0.4))  # length and thickness (sigmas in cells) and share of the brightness
BEND = 24  # cells
ICE_BGR = (1.0, 0.95, 0.88)


def frost(pixels: Pixels, image_weight: float, ice_weight: float, seed: int) -> Pixels:
    """image_weight * image + ice_weight * ice."""
    shade = ice(grid_of(pixels), seed)
    colored = cv2.convertScaleAbs(cv2.merge([255 * tint * shade for tint in (*ICE_BGR, 0.0)]))
    layer = np.asarray(resized(np.asarray(colored), *pixels.shape[:2]), np.uint8)
    return np.asarray(cv2.addWeighted(pixels, image_weight, layer, ice_weight, 0), np.uint8)


def ice(shape: tuple[int, int], seed: int) -> Field:
    """Brightness 0-1 of crystals, each with its own direction of needles, on a pane that is iced unevenly."""
    rng = generator(seed)
    # Bent space: the borders between crystals, straight by construction, become ragged.
    bend = [BEND * (fractal(shape, 1.4, rng) - 0.5) for _ in range(2)]
    rows, columns = np.indices(shape, dtype=np.float32)
    crystals = cv2.remap(
        _crystals(shape, rng), columns + bend[0], rows + bend[1], cv2.INTER_NEAREST, borderMode=cv2.BORDER_REFLECT_101
    ).astype(np.intp)
    angles = rng.uniform(0, np.pi, int(crystals.max()) + 1).astype(np.float32)
    cosines, sines = np.cos(angles)[crystals], np.sin(angles)[crystals]
    along = columns * cosines + rows * sines + 0.2 * bend[0]
    beside = rows * cosines - columns * sines + 0.2 * bend[1] + 37 * crystals.astype(np.float32)
    needles = cv2.remap(
        _needles(), along % NEEDLES_SIDE, beside % NEEDLES_SIDE, cv2.INTER_LINEAR, borderMode=cv2.BORDER_WRAP
    )
    thickness = fractal(shape, 1.35, rng)
    return np.asarray(np.clip(0.1 + 0.6 * thickness + needles * (0.15 + 0.55 * thickness), 0, 1), np.float32)


def _crystals(shape: tuple[int, int], rng: np.random.Generator) -> Field:
    """The number of the nearest seed of a crystal."""
    height, width = shape
    count = max(1, round(height * width / CRYSTAL**2))
    elsewhere = np.full(shape, 255, np.uint8)
    elsewhere[rng.integers(0, height, count), rng.integers(0, width, count)] = 0
    _, numbers = cv2.distanceTransformWithLabels(elsewhere, cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL)
    return np.asarray(numbers, np.float32)


@lru_cache(maxsize=1)
def _needles() -> Field:
    """Thin bright lines along x, 0-1: the ridges of stretched noise. The texture repeats without a seam."""
    noise = generator(NEEDLES_SEED).standard_normal((NEEDLES_SIDE, NEEDLES_SIDE), dtype=np.float32)
    tiled = np.tile(noise, (3, 3))
    middle = slice(NEEDLES_SIDE, 2 * NEEDLES_SIDE)
    lines = np.zeros((NEEDLES_SIDE, NEEDLES_SIDE), np.float32)
    for length, thickness, share in NEEDLES:
        smooth = cv2.GaussianBlur(tiled, (0, 0), sigmaX=length, sigmaY=thickness)[middle, middle]
        lines += np.float32(share) * np.exp(-2.5 * np.abs(smooth) / smooth.std())
    lines.setflags(write=False)
    return np.asarray(lines, np.float32)
