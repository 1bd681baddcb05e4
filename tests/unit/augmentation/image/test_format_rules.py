"""The rules of docs/images.md for formats that are not plain 8-bit RGB, each checked by the values of pixels."""

from __future__ import annotations

import io
import os
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from augmentation.errors import BadFile, BadImage
from augmentation.files import read_file
from augmentation.image.reader import MAX_BYTES, MAX_SCANS, read_image
from tests.hostile import raw
from tests.support.builders.photos import any_rgb, image_bytes


def encoded(image: Image.Image, image_format: str, **save: Any) -> bytes:
    stream = io.BytesIO()
    image.save(stream, image_format, **save)
    return stream.getvalue()


def rgb(data: bytes) -> NDArray[np.uint8]:
    return read_image(data).pixels[..., 2::-1]


def png(samples: NDArray[Any], depth: int, color: int, *before: tuple[bytes, bytes]) -> bytes:
    """Of samples (height x width x channels) that are 8 or 16 bits wide, or of packed rows of fewer bits."""
    height, width = samples.shape[:2]
    wide = samples.astype(">u2" if depth == 16 else np.uint8)
    rows = b"".join(b"\0" + row.tobytes() for row in wide)
    return raw.png(width * (8 // depth if depth < 8 else 1), height, depth, color, zlib.compress(rows), *before)


@pytest.mark.parametrize("image_format", ["JPEG", "PNG", "WEBP", "TIFF"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_orientation_of_every_format_shows_the_red_corner_where_it_belongs(
    image_format: str, orientation: int
) -> None:
    pixels = np.zeros((48, 64, 3), np.uint8)
    pixels[:16, :16] = (255, 0, 0)
    exif = Image.Exif()
    exif[0x0112] = orientation
    found = rgb(encoded(Image.fromarray(pixels), image_format, exif=exif.tobytes()))
    assert found.shape == ((48, 64, 3) if orientation < 5 else (64, 48, 3))
    corners = {1: (0, 0), 2: (0, -1), 3: (-1, -1), 4: (-1, 0), 5: (0, 0), 6: (0, -1), 7: (-1, -1), 8: (-1, 0)}
    down, across = corners[orientation]
    assert found[5 if down == 0 else -6, 5 if across == 0 else -6, 0] > 200
    assert (found[..., 0] > 128).mean() == pytest.approx(1 / 12, abs=0.02)


@pytest.mark.parametrize("kind", ["CMYK", "YCCK"])
def test_four_inks_become_the_colors_that_they_print(kind: str) -> None:
    want = np.zeros((32, 64, 3), np.uint8)
    want[:, :16], want[:, 16:32], want[:, 32:48], want[:, 48:] = (255, 255, 255), (255, 0, 0), (0, 0, 0), (0, 128, 255)
    cmyk = Image.fromarray(want).convert("CMYK")
    data = raw.ycck_jpeg(cmyk) if kind == "YCCK" else encoded(cmyk, "JPEG", quality=95)
    found = rgb(data)[:, 8::16].astype(int)
    assert np.abs(found - want[:, 8::16].astype(int)).max() <= 12


@pytest.mark.parametrize("image_format", ["PNG", "TIFF"])
def test_sixteen_bit_gray_is_scaled_by_257_whatever_its_brightest_value(image_format: str) -> None:
    values = np.array([[0, 255, 256, 257 * 100, 65535]], np.uint16)
    assert rgb(encoded(Image.fromarray(values), image_format))[0, :, 0].tolist() == [0, 1, 1, 100, 255]
    dark = np.array([[0, 100, 200]], np.uint16)
    assert rgb(encoded(Image.fromarray(dark), image_format))[0, :, 1].tolist() == [0, 0, 1]


def test_sixteen_bit_color_is_scaled_and_not_clipped() -> None:
    found = rgb(png(np.array([[[65535, 25700, 256], [0, 255, 40000]]]), 16, 2))
    assert np.abs(found[0].astype(int) - [[255, 100, 1], [0, 0, 156]]).max() <= 1


def test_a_palette_shows_its_colors() -> None:
    palette = (b"PLTE", bytes([10, 20, 30, 200, 100, 50]))
    assert rgb(png(np.array([[0, 1, 1]]), 8, 3, palette)).tolist() == [[[10, 20, 30], [200, 100, 50], [200, 100, 50]]]


def test_half_transparent_is_halfway_to_white_and_fully_transparent_is_white() -> None:
    pixels = np.array([[[200, 0, 0, 255], [200, 0, 0, 128], [200, 0, 0, 0]]])
    found = rgb(png(pixels, 8, 6)).astype(int)
    assert np.abs(found[0] - [[200, 0, 0], [227, 127, 127], [255, 255, 255]]).max() <= 1


HIDDEN_FIRST_PIXEL = {
    "gray": (np.array([[40, 90]]), 8, 0, (b"tRNS", b"\0\x28")),
    "2-bit gray": (np.array([[0b01_10_10_10]]), 2, 0, (b"tRNS", b"\0\1")),
    "4-bit gray": (np.array([[0x3A]]), 4, 0, (b"tRNS", b"\0\3")),
    "16-bit gray": (np.array([[10_000, 30_000]]), 16, 0, (b"tRNS", b"\x27\x10")),
    "color": (np.array([[[9, 8, 7], [70, 80, 90]]]), 8, 2, (b"tRNS", b"\0\x09\0\x08\0\x07")),
    "16-bit color": (np.array([[[9000, 8000, 7000], [1, 2, 3]]]), 16, 2, (b"tRNS", b"\x23\x28\x1f\x40\x1b\x58")),
    "dark 16-bit color": (np.array([[[9, 8, 7], [9000, 8, 7]]]), 16, 2, (b"tRNS", b"\0\x09\0\x08\0\x07")),
    "palette": (np.array([[0, 1]]), 8, 3, (b"PLTE", bytes([1, 2, 3, 9, 9, 9])), (b"tRNS", b"\0")),
    "16-bit with alpha": (np.array([[[500, 600, 700, 0], [1, 2, 3, 65535]]]), 16, 6),
    "gray with alpha": (np.array([[[77, 0], [78, 255]]]), 8, 4),
}


@pytest.mark.parametrize("kind", HIDDEN_FIRST_PIXEL)
def test_a_hidden_color_is_white_and_its_neighbor_is_not(kind: str) -> None:
    samples, depth, color, *before = HIDDEN_FIRST_PIXEL[kind]
    found = rgb(png(samples, depth, color, *before))
    assert found[0, 0].tolist() == [255, 255, 255]
    assert found[0, 1].max() < 255


def test_one_bit_is_black_and_white() -> None:
    assert rgb(png(np.array([[0b10100000]]), 1, 0))[0, :4, 0].tolist() == [255, 0, 255, 0]


@pytest.mark.parametrize("image_format", ["GIF", "PNG", "WEBP", "TIFF"])
def test_what_has_several_pictures_is_refused_and_one_picture_of_the_format_is_not(image_format: str) -> None:
    frames = [Image.fromarray(any_rgb(seed=seed)) for seed in (1, 2)]
    with pytest.raises(BadImage, match="animated or has several pages"):
        read_image(encoded(frames[0], image_format, save_all=True, append_images=frames[1:]))
    assert read_image(encoded(frames[0], image_format)).pixels.shape == (48, 64, 4)


@pytest.mark.parametrize("mode", ["F", "I"])
def test_samples_of_32_bits_are_refused(mode: str) -> None:
    with pytest.raises(BadImage, match="32-bit samples have no agreed range"):
        read_image(encoded(Image.new(mode, (4, 4)), "TIFF"))


def test_a_color_profile_is_not_applied() -> None:
    plain = encoded(Image.fromarray(any_rgb()), "PNG")
    assert np.array_equal(rgb(encoded(Image.fromarray(any_rgb()), "PNG", icc_profile=b"\0" * 200)), rgb(plain))


def test_broken_exif_does_not_cost_the_photo() -> None:
    data = raw.with_segment(image_bytes(), 0xE1, b"Exif\0\0MM\0*\xff\xff\xff\xff" + bytes(range(90)))
    assert np.array_equal(rgb(data), rgb(image_bytes()))


@pytest.mark.parametrize("size", [(10_000, 10_000), (9_999, 9_999)])
def test_twelve_kilobytes_that_unpack_to_100_megapixels_are_refused(size: tuple[int, int]) -> None:
    bomb = raw.png_bomb(*size, 1, 0)
    assert len(bomb) < 12_500
    with pytest.raises(BadImage, match="a decompression bomb: 12,"):
        read_image(bomb)


def test_a_large_blank_photo_is_no_bomb() -> None:
    assert read_image(encoded(Image.new("RGB", (5_000, 4_000), "white"), "JPEG")).pixels.shape == (4_000, 5_000, 4)


def test_scans_without_end_are_refused_and_the_usual_ten_are_not() -> None:
    progressive = image_bytes(progressive=True)
    assert read_image(progressive).pixels.shape == (48, 64, 4)
    with pytest.raises(BadImage, match=f"scans; the limit is {MAX_SCANS}"):
        read_image(raw.scan_bomb(progressive, MAX_SCANS))


def test_a_pipe_is_refused_without_waiting_for_it(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.jpg")
    with pytest.raises(BadFile, match="not a regular file"):
        read_file(tmp_path / "pipe.jpg", MAX_BYTES)


def test_a_file_of_many_gigabytes_is_refused_unread(tmp_path: Path) -> None:
    with (tmp_path / "sparse.jpg").open("wb") as stream:
        stream.truncate(20_000_000_000)
    with pytest.raises(BadFile, match="20,000,000,000 bytes"):
        read_file(tmp_path / "sparse.jpg", MAX_BYTES)
