"""brightness_contrast, grayscale."""

from __future__ import annotations

import random

from augmentation.frame import Frame
from augmentation.image.kernels import tone
from augmentation.transform import Filter, Tone, Values, uniform
from domain.recipe.steps import BrightnessContrast, Grayscale


def _shares(step: BrightnessContrast, rng: random.Random) -> Values:
    return {"brightness": uniform(rng, step.brightness), "contrast": uniform(rng, step.contrast)}


def _curve(values: Values, curve: tone.Curve) -> tone.Curve:
    return tone.brighten_and_stretch(curve, values["brightness"], values["contrast"])


def _nothing(_: Grayscale, __: random.Random) -> Values:
    return {}


def _gray(frame: Frame, _: Values) -> Frame:
    return frame._replace(pixels=tone.gray(frame.pixels))


BRIGHTNESS_CONTRAST = Tone(BrightnessContrast, _shares, _curve)
GRAYSCALE = Filter(Grayscale, _nothing, _gray)
