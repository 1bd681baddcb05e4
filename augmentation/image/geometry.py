"""resize_crop, rotate, flip, zoom."""

from __future__ import annotations

import random

from augmentation.frame import Frame
from augmentation.image.kernels import resize, warp
from augmentation.transform import Filter, Values, Warp, uniform
from domain.recipe.steps import Flip, ResizeCrop, Rotate, Zoom


def _size(step: ResizeCrop, _: random.Random) -> Values:
    return {"width": step.width, "height": step.height}


def _resize_crop(frame: Frame, values: Values) -> Frame:
    width, height = values["width"], values["height"]
    return Frame.whole(resize.sample(frame.pixels, resize.cover(frame.box, width, height), width, height))


def _angle(step: Rotate, rng: random.Random) -> Values:
    return {"degrees": uniform(rng, step.degrees)}


def _axis(step: Flip, _: random.Random) -> Values:
    return {"axis": step.axis}


def _factor(step: Zoom, rng: random.Random) -> Values:
    return {"factor": uniform(rng, step.factor)}


RESIZE_CROP = Filter(ResizeCrop, _size, _resize_crop)
ROTATE = Warp(Rotate, _angle, lambda values, width, height: warp.rotation(values["degrees"], width, height))
FLIP = Warp(Flip, _axis, lambda values, width, height: warp.mirroring(values["axis"], width, height))
ZOOM = Warp(Zoom, _factor, lambda values, width, height: warp.scaling(values["factor"], width, height))
