"""Snow, fog, and spatter: layers of noise over the image. Lengths are for 224 x 224 pixels; see `scale`."""

from __future__ import annotations

from math import ceil

import cv2
import numpy as np

from augmentation.frame import Pixels
from augmentation.image.kernels import blur
from augmentation.image.kernels.scale import Field, fractal, generator, grid_of, layer_for

WATER_BGR = (238, 238, 175)  # pale turquoise; ImageNet-C, `spatter`
MUD_BGR = (20, 42, 63)
SOFT_EDGE = 0.8  # of a drop of mud: what covers less is left out


def fog(pixels: Pixels, density: float, decay: float, seed: int) -> Pixels:
    """(image + density * plasma), dimmed so that the image's brightest value would stay if the plasma were 1."""
    brightest = float(pixels[..., :3].max()) / 255
    dimmed = brightest / (brightest + density)
    plasma = layer_for(pixels, fractal(grid_of(pixels), decay, generator(seed)))
    return np.asarray(cv2.addWeighted(pixels, dimmed, plasma, dimmed * density, 0), np.uint8)


def snow(pixels: Pixels, flakes: dict[str, float], degrees: float, seed: int) -> Pixels:
    """Bleached colors, a layer of flakes, and the same layer turned upside down.

    `flakes`: the noise's mean and deviation, its magnification, the threshold above which there is a flake, the radius
    and sigma of the streak, and the share of the image that is not bleached.
    """
    rng, (height, width) = generator(seed), grid_of(pixels)
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
    """A smooth field that is 0 except in drops. `drops`: mean, deviation, smoothing sigma and threshold."""
    noise = rng.standard_normal(shape, dtype=np.float32) * np.float32(drops["deviation"]) + np.float32(drops["mean"])
    field = np.asarray(cv2.GaussianBlur(noise, (0, 0), drops["smoothing"]), np.float32)
    field[field < drops["threshold"]] = 0
    return field


def water(pixels: Pixels, drops: dict[str, float], opacity: float, seed: int) -> Pixels:
    """Drops of water that catch the light on their lower right: image + opacity * shading * pale turquoise."""
    field = liquid(grid_of(pixels), drops, generator(seed))
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
    covered = (liquid(grid_of(pixels), drops, generator(seed)) > drops["threshold"]).astype(np.float32)
    opacity = np.asarray(cv2.GaussianBlur(covered, (0, 0), softness), np.float32)
    opacity[opacity < SOFT_EDGE] = 0
    layer = layer_for(pixels, opacity)
    tint = np.empty_like(layer)
    tint[:] = (*MUD_BGR, 0)
    bare = cv2.multiply(pixels, cv2.bitwise_not(layer), scale=1 / 255)
    return np.asarray(cv2.add(bare, cv2.multiply(layer, tint, scale=1 / 255)), np.uint8)
