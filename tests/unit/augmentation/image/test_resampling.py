"""Scaling down shows no pattern that is not there: natural photos against Pillow's Lanczos, and stripes."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
import simplejpeg
from PIL import Image
from sklearn.datasets import load_sample_image

from augmentation.image.frame import Box
from augmentation.image.kernels import resize
from augmentation.image.reading.reader import Target, read_image
from tests.unit.augmentation.image.test_kernels import psnr


def bgrx(rgb: np.ndarray) -> np.ndarray:
    return np.asarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2BGRA))


def lanczos(rgb: np.ndarray, width: int, height: int) -> np.ndarray:
    return np.asarray(Image.fromarray(rgb).resize((width, height), Image.Resampling.LANCZOS))


def energy(pixels: np.ndarray) -> float:
    """How sharp it is: the deviation of neighbors."""
    return float(np.diff(pixels.astype(float), axis=1).std())


@pytest.mark.parametrize("size", [(224, 224), (384, 256), (300, 224), (100, 100)])
@pytest.mark.parametrize("name", ["china.jpg", "flower.jpg"])
def test_a_photo_is_as_near_to_lanczos_as_those_of_other_libraries(name: str, size: tuple[int, int]) -> None:
    """Bilinear points alone: 26.6 dB for china at 224 x 224; OpenCV's area and Pillow's bilinear 35."""
    photo = load_sample_image(name)
    found = resize.sample(bgrx(photo), Box(0, 0, 640, 427), *size)[..., 2::-1]
    reference = lanczos(photo, *size)
    assert psnr(found, reference) >= 34
    assert 0.8 < energy(found) / energy(reference) < 1.02


@pytest.mark.parametrize("side", [214, 150, 110, 60, 40])
def test_a_jpeg_decoded_at_a_part_of_its_size_is_too(side: int) -> None:
    photo = np.ascontiguousarray(load_sample_image("flower.jpg")[:424, :424])
    data = simplejpeg.encode_jpeg(photo, 95, "RGB")
    frame = read_image(data, Target(side, side))
    assert frame.reduction > 1 or side == 214
    found = resize.sample(frame.pixels, frame.box, side, side, reduced=frame.reduction > 1)[..., 2::-1]
    assert psnr(found, lanczos(read_image(data).pixels[..., 2::-1], side, side)) >= 34


@pytest.mark.parametrize(("side", "between"), [(256, cv2.INTER_CUBIC), (330, cv2.INTER_LINEAR)])
def test_what_a_decoder_has_halved_is_not_blurred_again(side: int, between: int) -> None:
    half = bgrx(load_sample_image("china.jpg"))[:side, :side]
    plain = cv2.resize(half, (224, 224), interpolation=between)
    assert np.array_equal(resize.sample(half, Box(0, 0, side, side), 224, 224, reduced=True), plain)


@pytest.mark.parametrize("at", [0, 0.25, 7])
@pytest.mark.parametrize(("name", "better"), [("china.jpg", 0.3), ("flower.jpg", 2)])
def test_a_jpeg_that_is_little_larger_when_halved_is_sharp(name: str, better: float, at: float) -> None:
    """The motorcycle of scikit-image, 741 x 500 to 224: 35.6 dB to Lanczos, by bilinear interpolation 32.0."""
    photo = np.ascontiguousarray(load_sample_image(name)[:420, :520])
    frame = read_image(data := simplejpeg.encode_jpeg(photo, 95, "RGB", "444"), Target(190, 190))
    assert frame.reduction == 2
    found = resize.sample(frame.pixels, Box(at, 0, 210, 210), 190, 190, reduced=True)[..., 2::-1]
    whole = Image.fromarray(np.ascontiguousarray(read_image(data).pixels[..., 2::-1]))
    reference = whole.resize((190, 190), Image.Resampling.LANCZOS, box=(2 * at, 0, 2 * at + 420, 420))
    place = np.array(((210 / 190, 0, at + 10 / 190), (0, 210 / 190, 10 / 190)))
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    bilinear = cv2.warpAffine(frame.pixels, place, (190, 190), flags=flags, borderMode=cv2.BORDER_REPLICATE)
    gain = psnr(found, np.asarray(reference)) - psnr(bilinear[..., 2::-1], np.asarray(reference))
    assert gain > better


@pytest.mark.parametrize(("side", "most"), [(427, 8), (440, 4), (640, 1), (1200, 1)])
def test_stripes_of_single_pixels_become_gray(side: int, most: float) -> None:
    """By a mean over the area 6.3 is left of 427 -> 224 (OpenCV's INTER_AREA), by bilinear points 73."""
    stripes = np.zeros((side, side, 4), np.uint8)
    stripes[:, 1::2] = 255
    for pixels in (stripes, stripes.swapaxes(0, 1)):
        assert resize.sample(np.ascontiguousarray(pixels), Box(0, 0, side, side), 224, 224)[..., 0].std() < most


def test_a_part_between_pixels_is_as_smooth_as_one_of_whole_pixels() -> None:
    photo = bgrx(load_sample_image("china.jpg"))
    whole, between = (resize.sample(photo, Box(at, at, 400, 400), 224, 224) for at in (10, 10.5))
    assert energy(between) == pytest.approx(energy(whole), rel=0.05)
