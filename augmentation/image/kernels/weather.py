"""Snow, fog, spatter and ice: layers over the image. Lengths are for 224 x 224 pixels; see `scale`."""

from __future__ import annotations

from functools import lru_cache
from math import ceil

import cv2
import numpy as np

from augmentation.image.frame import Pixels
from augmentation.image.kernels import blur
from augmentation.image.kernels.scale import Field, fractal, grid_of, layer_for, resized
from augmentation.seeds import numpy_rng

WATER_BGR = (238, 238, 175)  # pale turquoise; ImageNet-C, `spatter`
MUD_BGR = (20, 42, 63)
SOFT_EDGE = 0.8  # of a drop of mud: what covers less is left out
CRYSTAL = 40  # mean distance of two crystals' seeds, in cells of the grid
NEEDLES_SEED = 20190328  # fixed for ever: another texture would be other ice
NEEDLES_SIDE = 256
NEEDLES = ((12, 0.8, 0.6), (5, 1.6, 0.4))  # length and thickness (sigmas in cells) and share of the brightness
BEND = 24  # cells
# The five photos of ice that ImageNet-C takes average 177, 165 and 144 (blue, green, red) of 255, blue 124 to 212.
# A crop of 224 pixels of them deviates by 15 to 35, neighbors by 6 to 16.
ICE_BGR = (1.0, 0.935, 0.815)
PANES = (0.5, 0.9)
UNEVENNESS, RIDGES = 0.4, 0.3


def fog(pixels: Pixels, density: float, decay: float, seed: int) -> Pixels:
    """(image + density * plasma), dimmed so that the image's brightest value would stay if the plasma were 1."""
    brightest = float(pixels[..., :3].max()) / 255
    dimmed = brightest / (brightest + density)
    plasma = layer_for(pixels, fractal(grid_of(pixels), decay, numpy_rng(seed)))
    return np.asarray(cv2.addWeighted(pixels, dimmed, plasma, dimmed * density, 0), np.uint8)


def snow(pixels: Pixels, flakes: dict[str, float], degrees: float, seed: int) -> Pixels:
    """Bleached colors, a layer of flakes, and the same layer turned upside down.

    `flakes`: the noise's mean and deviation, its magnification, the threshold above which there is a flake, the radius
    and sigma of the streak, and the share of the image that is not bleached.
    """
    rng, (height, width) = numpy_rng(seed), grid_of(pixels)
    coarse = (ceil(height / flakes["magnification"]), ceil(width / flakes["magnification"]))
    noise = rng.standard_normal(coarse, dtype=np.float32) * np.float32(flakes["deviation"])
    field = cv2.resize(noise + np.float32(flakes["mean"]), (width, height), interpolation=cv2.INTER_LINEAR)
    field[field < flakes["threshold"]] = 0
    streak = blur.streak(flakes["radius"], flakes["sigma"], degrees)
    fallen = layer_for(pixels, np.asarray(cv2.filter2D(np.clip(field, 0, 1), -1, streak), np.float32))
    white = cv2.add(_bleached(pixels, flakes["kept"]), fallen)
    return np.asarray(cv2.add(white, cv2.rotate(fallen, cv2.ROTATE_180)), np.uint8)


def _bleached(pixels: Pixels, kept: float) -> Pixels:
    """kept * value + (1 - kept) * max(value, 1.5 * luma + white / 2); halved in between, for 255 is not the limit."""
    luma = cv2.cvtColor(cv2.cvtColor(pixels, cv2.COLOR_BGRA2GRAY), cv2.COLOR_GRAY2BGRA)
    pale = cv2.max(cv2.convertScaleAbs(pixels, alpha=0.5), cv2.convertScaleAbs(luma, alpha=0.75, beta=63.75))
    return np.asarray(cv2.addWeighted(pixels, kept, pale, 2 * (1 - kept), 0), np.uint8)


def liquid(shape: tuple[int, int], drops: dict[str, float], rng: np.random.Generator) -> Field:
    """A smooth field that is 0 except in drops. `drops`: mean, deviation, smoothing sigma and threshold.

    At the edges the last value goes on, as in ImageNet-C: there the field deviates more, and drops are more.
    """
    noise = rng.standard_normal(shape, dtype=np.float32) * np.float32(drops["deviation"]) + np.float32(drops["mean"])
    smooth = cv2.GaussianBlur(noise, (0, 0), drops["smoothing"], borderType=cv2.BORDER_REPLICATE)
    field = np.asarray(smooth, np.float32)
    field[field < drops["threshold"]] = 0
    return field


def water(pixels: Pixels, drops: dict[str, float], opacity: float, seed: int) -> Pixels:
    """Drops of water that catch the light on their lower right: image + opacity * shading * pale turquoise."""
    field = liquid(grid_of(pixels), drops, numpy_rng(seed))
    shading = field * _relief(field)
    layer = layer_for(pixels, shading * np.float32(opacity / max(float(shading.max()), 1e-6)))
    tint = np.empty_like(layer)
    tint[:] = (*WATER_BGR, 0)
    return np.asarray(cv2.add(pixels, cv2.multiply(layer, tint, scale=1 / 255)), np.uint8)


def _relief(field: Field) -> Field:
    """The distance from the outlines of the drops, evened out and lit from one side, as in ImageNet-C."""
    outlines = cv2.Canny(cv2.convertScaleAbs(np.clip(field, 0, 1), alpha=255), 50, 150)
    distance = np.minimum(cv2.distanceTransform(cv2.bitwise_not(outlines), cv2.DIST_L2, 5), 20)
    even = cv2.equalizeHist(cv2.blur(distance, (3, 3)).astype(np.uint8))
    light = np.array([[-2, -1, 0], [-1, 1, 1], [0, 1, 2]], np.float32)
    return np.asarray(cv2.blur(cv2.filter2D(even, cv2.CV_8U, light), (3, 3)), np.float32)


def mud(pixels: Pixels, drops: dict[str, float], softness: float, seed: int) -> Pixels:
    """Opaque brown drops whose edges are blurred by `softness`."""
    covered = (liquid(grid_of(pixels), drops, numpy_rng(seed)) > drops["threshold"]).astype(np.float32)
    opacity = np.asarray(cv2.GaussianBlur(covered, (0, 0), softness), np.float32)
    opacity[opacity < SOFT_EDGE] = 0
    layer = layer_for(pixels, opacity)
    tint = np.empty_like(layer)
    tint[:] = (*MUD_BGR, 0)
    bare = cv2.multiply(pixels, cv2.bitwise_not(layer), scale=1 / 255)
    return np.asarray(cv2.add(bare, cv2.multiply(layer, tint, scale=1 / 255)), np.uint8)


def frost(pixels: Pixels, image_weight: float, ice_weight: float, seed: int) -> Pixels:
    """image_weight * image + ice_weight * ice."""
    shade = ice(grid_of(pixels), seed)
    colored = cv2.convertScaleAbs(cv2.merge([255 * tint * shade for tint in (*ICE_BGR, 0.0)]))
    layer = np.asarray(resized(np.asarray(colored), *pixels.shape[:2]), np.uint8)
    return np.asarray(cv2.addWeighted(pixels, image_weight, layer, ice_weight, 0), np.uint8)


def ice(shape: tuple[int, int], seed: int) -> Field:
    """Brightness 0-1 of crystals, each with its own direction of needles, on a pane that is iced unevenly."""
    rng = numpy_rng(seed)
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
    relief = UNEVENNESS * (thickness - 0.5) + RIDGES * (0.5 + thickness) * (needles - needles.mean())
    return np.asarray(np.clip(rng.uniform(*PANES) + relief, 0, 1), np.float32)


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
    noise = numpy_rng(NEEDLES_SEED).standard_normal((NEEDLES_SIDE, NEEDLES_SIDE), dtype=np.float32)
    tiled = np.tile(noise, (3, 3))
    middle = slice(NEEDLES_SIDE, 2 * NEEDLES_SIDE)
    lines = np.zeros((NEEDLES_SIDE, NEEDLES_SIDE), np.float32)
    for length, thickness, share in NEEDLES:
        smooth = cv2.GaussianBlur(tiled, (0, 0), sigmaX=length, sigmaY=thickness)[middle, middle]
        lines += np.float32(share) * np.exp(-2.5 * np.abs(smooth) / smooth.std())
    lines.setflags(write=False)
    return np.asarray(lines, np.float32)
