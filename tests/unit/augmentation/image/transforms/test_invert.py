"""The negative."""

from __future__ import annotations

import numpy as np

from augmentation.execution.graph import Intermediate
from augmentation.image.frame import Frame
from domain.recipe.steps.color import BrightnessContrast, Invert
from tests.support.builders.photos import any_bgrx
from tests.support.builders.steps import applied, ramp


def test_each_value_becomes_white_minus_itself() -> None:
    assert np.array_equal(applied("invert", any_bgrx()), 255 - any_bgrx()[..., 2::-1])


def test_fused_with_brightness_it_does_what_one_after_the_other_does() -> None:
    light, values = BrightnessContrast(op="brightness_contrast"), {"brightness": 0.3, "contrast": 0.5}
    fused = Intermediate(Frame.whole(ramp())).then(light, values).then(Invert(op="invert"), {}).settled()
    first = Intermediate(Frame.whole(ramp())).then(light, values).settled().media
    apart = Intermediate(first).then(Invert(op="invert"), {}).settled()
    assert np.abs(fused.media.pixels.astype(int) - apart.media.pixels).max() <= 1
