"""MixUp and CutMix against vectors that were worked out by hand from the papers' and torchvision's formulas."""

from __future__ import annotations

import random

import numpy as np
import pytest

from augmentation.image import mix
from augmentation.image.frame import Frame
from augmentation.image.kernels.mixing import blend, paste, rectangle
from domain.recipe.mixing import CutMix, MixUp
from tests.support.builders.photos import any_bgrx


def plain(value: int, width: int = 4, height: int = 3) -> np.ndarray:
    return np.full((height, width, 4), value, np.uint8)


@pytest.mark.parametrize(
    ("one", "other", "share", "made"),
    [
        (200, 100, 0.25, 125),  # 50 + 75
        (10, 11, 0.5, 10),  # 10.5: half to even
        (11, 12, 0.5, 12),  # 11.5
        (255, 255, 0.3, 255),
        (7, 250, 1.0, 7),
        (7, 250, 0.0, 250),
        (0, 255, 0.9, 26),  # 25.5 in exact numbers; 25.50000000000000 from below or above in binary ones
    ],
)
def test_mixup_is_the_weighed_mean_rounded_half_to_even(one: int, other: int, share: float, made: int) -> None:
    assert (np.abs(blend(plain(one), plain(other), share).astype(int) - made) <= (share == 0.9)).all()


def test_mixup_of_any_pixels_is_within_rounding_of_the_formula_in_double_precision() -> None:
    one, other = any_bgrx(seed=1), any_bgrx(seed=2)
    exact = 0.371 * one.astype(np.float64) + (1 - 0.371) * other
    assert np.abs(blend(one, other, 0.371) - exact).max() <= 0.5001


@pytest.mark.parametrize(
    ("share", "middle", "expected", "left"),
    [
        # 224 x 224, lambda 0.75: half sides of int(0.25 * 224) = 56 pixels around the middle.
        (0.75, (0.5, 0.5), (56, 56, 168, 168), 0.75),
        # At the corner three quarters are cut off: 56 x 56 of 50,176 pixels stay.
        (0.75, (0.0, 0.0), (0, 0, 56, 56), 1 - 56 * 56 / 224**2),
        # lambda 0: the half sides are half of the image, so at the middle all of it is covered.
        (0.0, (0.5, 0.5), (0, 0, 224, 224), 0.0),
        (1.0, (0.3, 0.6), (67, 134, 67, 134), 1.0),
    ],
)
def test_cutmix_covers_torchvisions_rectangle_and_counts_what_is_left(
    share: float, middle: tuple[float, float], expected: tuple[int, ...], left: float
) -> None:
    where = rectangle(224, 224, share, middle)
    assert tuple(where) == expected
    made, kept = paste(plain(9, 224, 224), plain(77, 224, 224), where)
    assert kept == pytest.approx(left, abs=1e-12)
    assert (made == 9).mean() == pytest.approx(left, abs=1e-12)


def test_a_rectangle_of_an_image_that_is_no_square_has_its_proportions() -> None:
    assert tuple(rectangle(100, 40, 0.36, (0.5, 0.5))) == (10, 4, 90, 36)  # 0.5 * sqrt(0.64) = 0.4 of each side


def test_a_partner_of_another_size_covers_the_first_and_its_middle_is_taken() -> None:
    partner = np.concatenate([plain(0, 10, 40), plain(100, 60, 40), plain(0, 10, 40)], axis=1)  # 80 x 40
    frame, share = mix.apply(Frame.whole(plain(50, 20, 20)), Frame.whole(partner), {"lambda": 0.5})
    assert frame.pixels.shape == (20, 20, 4)
    assert (frame.pixels == 75).all()
    assert share == 0.5


def test_neither_image_is_written_into() -> None:
    one, other = any_bgrx(seed=1), any_bgrx(seed=2)
    before = one.copy(), other.copy()
    for values in ({"lambda": 0.4}, {"lambda": 0.4, "middle": [0.2, 0.9]}):
        mix.apply(Frame.whole(one), Frame.whole(other), values)
    assert (one == before[0]).all()
    assert (other == before[1]).all()


def test_shares_are_drawn_from_beta() -> None:
    rng = random.Random(3)
    drawn = [mix.draw(MixUp.model_validate({"mixup": {"alpha": 0.4}}), rng)["lambda"] for _ in range(4000)]
    assert np.mean(drawn) == pytest.approx(0.5, abs=0.02)
    assert np.var(drawn) == pytest.approx(0.25 / 1.8, abs=0.006)  # of Beta(a, a): 1 / (4 (2a + 1))
    values = mix.draw(CutMix.model_validate({"cutmix": {}}), rng)
    assert values.keys() == {"lambda", "middle"}
    assert all(0 <= share < 1 for share in values["middle"])
