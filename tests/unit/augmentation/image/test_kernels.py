"""The kernels against what mathematics or a slow reference says."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from augmentation.image.frame import Box
from augmentation.image.kernels import noise, resize, tone, warp
from augmentation.image.kernels.border import Fill
from augmentation.image.reading.reader import Target, read_image
from tests.support.builders.photos import any_bgrx, any_rgb, image_bytes


def psnr(one: np.ndarray, other: np.ndarray) -> float:
    error = np.mean((one.astype(float) - other.astype(float)) ** 2)
    return 99.0 if error == 0 else 10 * np.log10(255**2 / error)


@pytest.mark.parametrize("size", [(512, 512), (1003, 801), (640, 1200), (300, 260), (4000, 3000)])
def test_a_reduced_decode_is_as_good_as_a_full_antialiased_one(size: tuple[int, int]) -> None:
    data = image_bytes(size=size, quality=92)
    frame = read_image(data, Target(224, 224))
    part = resize.cover(frame.box, 224, 224)
    found = resize.sample(frame.pixels, part, 224, 224, reduced=frame.reduction > 1)
    side = min(size)
    left, top = (size[0] - side) / 2, (size[1] - side) / 2
    full = Image.fromarray(np.ascontiguousarray(read_image(data).pixels[..., 2::-1]))
    reference = full.resize((224, 224), Image.Resampling.BOX, box=(left, top, left + side, top + side))
    assert psnr(found[..., 2::-1], np.asarray(reference)) >= 40


@given(st.floats(1, 500), st.floats(1, 500), st.integers(1, 300), st.integers(1, 300))
def test_cover_keeps_the_proportions_and_stays_in_the_middle(w: float, h: float, tw: int, th: int) -> None:
    box = resize.cover(Box(0, 0, w, h), tw, th)
    assert box.width / box.height == pytest.approx(tw / th)
    assert box.width <= w * (1 + 1e-9)
    assert box.height <= h * (1 + 1e-9)
    assert box.left + box.width / 2 == pytest.approx(w / 2)
    assert box.top + box.height / 2 == pytest.approx(h / 2)


@settings(deadline=None)
@given(st.integers(1, 70), st.integers(1, 70), st.integers(1, 40), st.integers(1, 40))
def test_any_size_becomes_any_size_within_the_colors_there_are(w: int, h: int, tw: int, th: int) -> None:
    pixels = np.full((h, w, 4), 137, np.uint8)
    found = resize.sample(pixels, resize.cover(Box(0, 0, w, h), tw, th), tw, th)
    assert found.shape == (th, tw, 4)
    assert np.all(found == 137)


def test_a_size_that_fits_already_is_untouched() -> None:
    pixels = any_bgrx(24, 20)
    assert np.array_equal(resize.sample(pixels, Box(0, 0, 24, 20), 24, 20), pixels)


def test_a_crop_of_half_a_pixel_lies_between_two() -> None:
    ramp = np.repeat(np.arange(0, 160, 10, dtype=np.uint8)[None, :, None], 8, axis=0).repeat(4, axis=2)
    found = resize.sample(ramp, Box(2.5, 0, 8, 8), 8, 8)
    assert list(found[4, :, 0]) == [25, 35, 45, 55, 65, 75, 85, 95]


def test_a_quarter_turn_of_a_square_is_exact() -> None:
    pixels = any_bgrx(33, 33)
    turned = warp.warp(pixels, warp.rotation(90, 33, 33))
    assert np.abs(turned.astype(int) - np.rot90(pixels).astype(int)).max() <= 1


@pytest.mark.parametrize(("axis", "flipped"), [("horizontal", np.fliplr), ("vertical", np.flipud)])
def test_mirroring_is_exact_on_any_shape(axis: str, flipped: object) -> None:
    pixels = any_bgrx(31, 20)
    assert np.array_equal(warp.warp(pixels, warp.mirroring(axis, 31, 20)), flipped(pixels))  # type: ignore[operator]


def test_zooming_in_shows_the_middle_larger() -> None:
    pixels = np.zeros((40, 60, 4), np.uint8)
    pixels[15:25, 20:40] = 255
    found = warp.warp(pixels, warp.scaling(2, 60, 40))
    assert int((found[..., 0] > 127).sum()) == pytest.approx(4 * 200, rel=0.1)


@given(st.floats(-180, 180), st.floats(0.5, 2))
def test_maps_multiply_as_they_follow_one_another(degrees: float, factor: float) -> None:
    first, second = warp.rotation(degrees, 40, 30), warp.scaling(factor, 40, 30)
    assert (second @ first).moved(3, 5) == pytest.approx(second.moved(*first.moved(3, 5)))
    assert warp.rotation(degrees, 40, 30) @ warp.rotation(-degrees, 40, 30) == pytest.approx(warp.IDENTITY, abs=1e-9)


@given(st.floats(-180, 180), st.floats(0.2, 3), st.floats(0, 0.25))
def test_products_and_inverses_are_those_of_linear_algebra(degrees: float, factor: float, indent: float) -> None:
    turned = warp.rotation(degrees, 40, 30) @ warp.scaling(factor, 40, 30)
    tilted = warp.tilting([[indent, indent / 2]] * 4, 40, 30)
    assert np.allclose((tilted @ turned).array(), tilted.array() @ turned.array())
    assert np.allclose(turned.inverse().array(), np.linalg.inv(turned.array()))


@pytest.mark.parametrize(
    ("fill", "border"),
    [("mirror", cv2.BORDER_REFLECT_101), ("edge", cv2.BORDER_REPLICATE), ((10, 20, 30), cv2.BORDER_CONSTANT)],
)
@pytest.mark.parametrize("factor", [0.76, 1.0, 1.6])
def test_what_is_seen_outside_is_what_opencv_would_find_there(factor: float, fill: Fill, border: int) -> None:
    """Though a border is laid around the image before."""
    pixels = any_bgrx(61, 40)
    matrix = warp.translation(3.3, -2.1) @ warp.rotation(33, 61, 40) @ warp.scaling(factor, 61, 40)
    value = (30, 20, 10, 255)
    plain = cv2.warpAffine(pixels, matrix.array()[:2], (61, 40), borderMode=border, borderValue=value)
    assert np.abs(warp.warp(pixels, matrix, fill).astype(int) - plain).max() <= 1


@pytest.mark.parametrize("factor", [0.05, 0.3, 0.5, 0.7])
def test_a_warp_that_shrinks_shows_means(factor: float) -> None:
    """Against the mean of 16 x 16 points a pixel; single points are at least twice as far off."""
    pixels = any_bgrx(61, 40)
    matrix = warp.translation(3.3, -2.1) @ warp.rotation(33, 61, 40) @ warp.scaling(factor, 61, 40)
    finer = warp.Matrix(16, 0, 7.5, 0, 16, 7.5) @ matrix
    dense = cv2.warpAffine(pixels, finer.array()[:2], (61 * 16, 40 * 16), borderMode=cv2.BORDER_CONSTANT)
    means = cv2.resize(dense, (61, 40), interpolation=cv2.INTER_AREA).astype(int)
    single = cv2.warpAffine(pixels, matrix.array()[:2], (61, 40), borderMode=cv2.BORDER_CONSTANT)
    error, plain = (np.abs(found - means)[..., :3].mean() for found in (warp.warp(pixels, matrix, (0, 0, 0)), single))
    assert error < plain / 2


def test_nothing_black_comes_in_from_outside() -> None:
    white = np.full((32, 48, 4), 200, np.uint8)
    assert np.all(warp.warp(white, warp.rotation(37, 48, 32) @ warp.scaling(0.5, 48, 32)) == 200)


def test_brightness_is_a_share_of_white_and_contrast_turns_about_gray() -> None:
    ramp = np.arange(256, dtype=np.uint8).reshape(16, 16, 1).repeat(4, axis=2)
    bright = tone.look_up(ramp, tone.brighten_and_stretch(tone.STRAIGHT, 0.2, 0))
    assert np.array_equal(bright, np.minimum(ramp.astype(int) + 51, 255))
    flat = tone.look_up(ramp, tone.brighten_and_stretch(tone.STRAIGHT, 0, -1))
    assert set(np.unique(flat)) == {128}
    assert np.array_equal(tone.look_up(ramp, tone.STRAIGHT), ramp)


@given(st.floats(-1, 1), st.floats(-1, 1))
def test_a_line_does_what_its_table_does(brightness: float, contrast: float) -> None:
    ramp = np.arange(256, dtype=np.uint8).reshape(16, 16, 1).repeat(4, axis=2)
    table = np.arange(256, dtype=np.float32)
    for change in (lambda curve: tone.brighten_and_stretch(curve, brightness, contrast), tone.negative):
        line = change(change(tone.STRAIGHT))
        assert isinstance(line, tone.Line)
        by_table = tone.look_up(ramp, change(change(table)))
        assert np.abs(tone.look_up(ramp, line).astype(int) - by_table).max() <= 1


def test_a_curve_after_a_line_starts_from_what_the_line_gives() -> None:
    ramp = np.arange(256, dtype=np.uint8).reshape(16, 16, 1).repeat(4, axis=2)
    found = tone.look_up(ramp, tone.posterize(tone.negative(tone.STRAIGHT), 1))
    assert np.array_equal(found, np.where(ramp < 128, 128, 0))


def test_gray_is_luma_in_all_channels() -> None:
    found = tone.gray(any_bgrx())
    assert np.array_equal(found[..., 0], found[..., 2])
    luma = np.asarray(Image.fromarray(any_rgb()).convert("L"))
    assert np.abs(found[..., 0].astype(int) - luma.astype(int)).max() <= 1


GRAY = np.full((224, 224, 4), 128, np.uint8)


@pytest.mark.parametrize("kernel", [noise.table_noise, noise.exact_noise])
def test_noise_has_the_moments_of_its_sigma(kernel: object) -> None:
    added = kernel(GRAY, 20.4, 5).astype(float)[..., :3] - 128  # type: ignore[operator]
    assert abs(added.mean()) < 0.3
    assert added.std() == pytest.approx(20.4, rel=0.02)
    centered = added / added.std()
    assert abs((centered**3).mean()) < 0.05
    assert (centered**4).mean() == pytest.approx(3, abs=0.12)


def test_table_noise_repeats_nowhere_in_the_image() -> None:
    added = noise.table_noise(GRAY, 20.4, 5)[..., :3].astype(float) - 128
    spectrum = np.abs(np.fft.fft2(added[..., 0])) ** 2
    spectrum[0, 0] = 0
    # White noise of 50,176 values: the largest of so many exponentials stays below 25 times their mean.
    assert spectrum.max() < 25 * spectrum.mean()
    rows = added[..., 0]
    similar = np.corrcoef(rows)[np.triu_indices(224, 1)]
    assert np.abs(similar).max() < 0.4


def test_noise_differs_by_seed_and_repeats_for_the_same() -> None:
    assert np.array_equal(noise.table_noise(GRAY, 20, 5), noise.table_noise(GRAY, 20, 5))
    assert not np.array_equal(noise.table_noise(GRAY, 20, 5), noise.table_noise(GRAY, 20, 6))


def test_noise_saturates_and_never_wraps() -> None:
    white = np.full((64, 64, 4), 255, np.uint8)
    # Half of a normal distribution is cut off; the other half lies 0.4 sigma away on average.
    assert noise.table_noise(white, 97, 1).mean() == pytest.approx(255 - 0.4 * 97, abs=3)
    assert noise.table_noise(np.zeros_like(white), 97, 1).mean() == pytest.approx(0.4 * 97, abs=3)


def test_an_image_wider_than_the_table_still_gets_noise() -> None:
    wide = np.full((1, noise.TABLE_SIZE // 4, 4), 128, np.uint8)
    assert noise.table_noise(wide, 20, 1).std() == pytest.approx(20, rel=0.02)


def test_kernels_leave_their_input_alone() -> None:
    pixels = any_bgrx()
    before = pixels.copy()
    pixels.setflags(write=False)
    resize.sample(pixels, Box(0.5, 0.5, 40, 40), 10, 10)
    warp.warp(pixels, warp.rotation(10, 64, 48))
    tone.look_up(pixels, tone.STRAIGHT)
    tone.gray(pixels)
    noise.table_noise(pixels, 10, 1)
    assert np.array_equal(pixels, before)


def test_opencv_is_the_version_that_the_golden_vectors_were_made_with() -> None:
    assert cv2.__version__ == "5.0.0"
