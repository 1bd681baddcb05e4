"""What a picture shows is measured alike at every size and exposure."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from augmentation.doctor.look import Look
from augmentation.doctor.measures import far_from_most, measures_of
from augmentation.doctor.pictures import of_quality, of_shape
from learning.neighbors import nearest
from tests.unit.augmentation.doctor.scenes import gray, scene


def seen(**pictures: np.ndarray) -> list[Look]:
    return [
        Look(name, "", "", picture.shape[1], picture.shape[0], b"", measures_of(picture))
        for name, picture in pictures.items()
    ]


def named(findings: list[dict[str, object]]) -> list[object]:
    return [one["source"] for one in findings]


def test_a_picture_is_sharp_at_any_contrast_and_light() -> None:
    picture = gray(scene(1))
    dim = (picture * 0.4 + 30).astype(np.uint8)
    assert measures_of(dim).sharpness == pytest.approx(measures_of(picture).sharpness, rel=0.15)


def test_a_sharp_thing_before_a_plain_wall_is_no_blur() -> None:
    wall = np.full((400, 400), 200, np.uint8)
    wall[100:250, 100:250] = gray(scene(1, 150, 150))
    found = of_quality(seen(sharp=wall, blurred=cv2.GaussianBlur(wall, (0, 0), 4)))
    assert named(found["blurred"]) == ["blurred"]


def test_each_fault_is_found_and_what_is_blank_is_nothing_else() -> None:
    picture = gray(scene(2))
    found = of_quality(
        seen(
            right=picture,
            blank=np.full((80, 80), 7, np.uint8),
            dark=picture // 5,
            bright=201 + picture // 5,
            blurred=cv2.GaussianBlur(picture, (0, 0), 5),
        )
    )
    assert {kind: named(some) for kind, some in found.items()} == {
        "blank": ["blank"],
        "dark": ["dark"],
        "bright": ["bright"],
        "blurred": ["blurred"],
    }


def test_a_line_drawing_on_white_is_neither_bright_nor_blank() -> None:
    page = np.full((300, 300), 255, np.uint8)
    cv2.circle(page, (150, 150), 100, 0, 6)
    assert not any(of_quality(seen(page=page)).values())


def test_sizes_and_ratios_are_odd_only_among_others() -> None:
    usual = {f"photo{number}": scene(1, 300 + number, 220)[..., 0] for number in range(9)}
    lying = {"lying": scene(1, 220, 300)[..., 0]}
    odd = {"small": scene(1, 60, 44)[..., 0], "banner": scene(1, 100, 650)[..., 0]}
    found = of_shape(seen(**usual, **lying, **odd))
    assert (named(found["odd_size"]), named(found["odd_ratio"])) == (["small"], ["banner"])
    assert not any(of_shape(seen(**usual, **lying)).values())


def test_the_nearest_are_those_that_comparing_all_finds() -> None:
    vectors = np.random.default_rng(1).normal(0, 1, (700, 8)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    places, cosines = nearest(vectors, 3)
    every = vectors @ vectors.T
    np.fill_diagonal(every, -2)
    assert (places == np.argsort(-every, axis=1)[:, :3]).all()
    assert np.allclose(cosines, -np.sort(-every, axis=1)[:, :3], atol=1e-6)
    assert nearest(vectors[:1], 3)[0].shape == (1, 0)


def test_robust_deviations_are_those_of_a_normal_distribution() -> None:
    """Of many normal numbers, the distance from the mean in standard deviations; some far ones change it little."""
    values = np.random.default_rng(1).normal(10, 2, 20_000)
    values[:200] = 1e6
    assert far_from_most(values)[200:] == pytest.approx((values[200:] - 10) / 2, abs=0.15)
    assert far_from_most(np.array([1.0, 1, 1, 5])).tolist() == [0, 0, 0, np.inf]
