"""What `mixup` and `cutmix` do: values are drawn, then two frames become one, and the classes get their shares."""

from __future__ import annotations

import random

from augmentation.image.frame import Frame
from augmentation.image.kernels import mixing, resize
from augmentation.image.kernels.cut import Region, cut
from augmentation.values import Values
from domain.recipe.mixing import CutMix, Mix


def draw(mix: Mix, rng: random.Random) -> Values:
    """`lambda`, the own share, from Beta(alpha, alpha); of CutMix the middle of the rectangle too, in shares of the
    sides. torchvision draws the middle in whole pixels, which is the same."""
    values: Values = {"lambda": round(rng.betavariate(mix.alpha, mix.alpha), 6)}
    if isinstance(mix, CutMix):
        values["middle"] = [round(rng.random(), 6), round(rng.random(), 6)]
    return values


def apply(frame: Frame, partner: Frame, values: Values) -> tuple[Frame, float]:
    """Both as one image of the first one's size, and the share of the first one's class. What has other proportions is
    scaled until it covers the first one, and the middle is taken."""
    height, width = frame.pixels.shape[:2]
    region = Region(resize.cover(partner.box, width, height), width, height)
    other = cut(partner.pixels, region, reduced=partner.reduction > 1)
    share = values["lambda"]
    if "middle" in values:
        x, y = values["middle"]
        pixels, share = mixing.paste(frame.pixels, other, mixing.rectangle(width, height, share, (x, y)))
    else:
        pixels = mixing.blend(frame.pixels, other, share)
    return frame._replace(pixels=pixels), share
