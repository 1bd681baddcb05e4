"""Reading: upright, at the smallest sufficient size, guarded; or a reason why not."""

from __future__ import annotations

import io
import struct
import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from augmentation.errors import BadFile
from augmentation.image.frame import Box, Frame
from augmentation.image.reading.jpeg import Target, dct_scale
from augmentation.image.reading.limits import MAX_BYTES
from augmentation.image.reading.orientation import orient
from augmentation.image.reading.reader import read_image
from tests.support.builders.photos import any_bgrx, any_rgb, image_bytes


def reason(data: bytes) -> str:
    with pytest.raises(BadFile) as error:
        read_image(data)
    return str(error.value)


def rgb_of(frame: Frame) -> np.ndarray:
    return frame.pixels[..., 2::-1]


@pytest.mark.parametrize(
    ("image_format", "mode"),
    [
        ("JPEG", "RGB"),
        ("JPEG", "L"),
        ("JPEG", "CMYK"),
        ("PNG", "RGB"),
        ("PNG", "L"),
        ("PNG", "P"),
        ("PNG", "1"),
        ("PNG", "LA"),
        ("PNG", "RGBA"),
        ("BMP", "RGB"),
        ("TIFF", "RGB"),
        ("WEBP", "RGB"),
    ],
)
def test_every_common_kind_of_file_becomes_bgrx(image_format: str, mode: str) -> None:
    frame = read_image(image_bytes(image_format, mode))
    assert frame.pixels.shape == (48, 64, 4)
    assert frame.pixels.dtype == np.uint8
    assert frame.box == Box(0, 0, 64, 48)


def test_colors_come_out_as_they_went_in() -> None:
    difference = np.abs(rgb_of(read_image(image_bytes("JPEG", quality=95))).astype(int) - any_rgb().astype(int))
    assert difference.mean() < 3
    assert np.array_equal(rgb_of(read_image(image_bytes("PNG"))), any_rgb())


def test_sixteen_bit_gray_is_scaled_and_not_clipped() -> None:
    values = np.linspace(0, 65535, 64 * 48).reshape(48, 64).astype(np.uint16)
    stream = io.BytesIO()
    Image.fromarray(values).save(stream, "PNG")
    gray = rgb_of(read_image(stream.getvalue()))[..., 0]
    assert gray.min() == 0
    assert gray.max() == 255
    assert abs(int(gray[24, 0]) - 127) <= 3


def test_what_lies_beneath_transparency_stays_hidden() -> None:
    pixels = np.zeros((8, 8, 4), np.uint8)
    pixels[..., 0] = 200  # red, and fully transparent
    stream = io.BytesIO()
    Image.fromarray(pixels, "RGBA").save(stream, "PNG")
    assert np.all(rgb_of(read_image(stream.getvalue())) == 255)


@pytest.mark.parametrize("image_format", ["JPEG", "PNG"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_exif_orientation_is_applied_as_pillow_applies_it(image_format: str, orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    data = image_bytes(image_format, exif=exif)
    with Image.open(io.BytesIO(data)) as image:
        from PIL import ImageOps

        upright = np.asarray(ImageOps.exif_transpose(image).convert("RGB"))
    found = rgb_of(read_image(data))
    assert found.shape == upright.shape
    assert np.abs(found.astype(int) - upright.astype(int)).mean() < 2


@pytest.mark.parametrize("orientation", range(1, 9))
def test_the_box_turns_with_the_image(orientation: int) -> None:
    pixels = any_bgrx(8, 6)
    pixels[...] = 0
    pixels[0:4, 0:7] = 255
    turned, box, *_ = orient(Frame(pixels, Box(0, 0, 7, 4)), orientation)
    left, top, width, height = (int(value) for value in box)
    assert np.all(turned[top : top + height, left : left + width] == 255)
    assert int((turned[..., 0] == 255).sum()) == width * height == 28


@given(st.integers(1, 6000), st.integers(1, 6000), st.integers(1, 1000), st.integers(1, 1000))
def test_the_decoded_size_covers_the_target_and_half_of_it_would_not(w: int, h: int, tw: int, th: int) -> None:
    scale = dct_scale(w, h, Target(tw, th))
    assert scale == 1 or (w / scale >= tw and h / scale >= th)
    assert scale == 8 or w < 2 * scale * tw or h < 2 * scale * th


def test_a_large_jpeg_is_decoded_small_with_its_exact_extent() -> None:
    frame = read_image(image_bytes(size=(1003, 801)), Target(50, 50))
    assert frame.pixels.shape[:2] == (101, 126)
    assert frame.box == Box(0, 0, 1003 / 8, 801 / 8)


def test_a_turned_photo_is_decoded_for_its_upright_size() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    frame = read_image(image_bytes(size=(800, 400), exif=exif), Target(100, 200))
    assert frame.pixels.shape[:2] == (200, 100)


def test_no_file_at_all() -> None:
    assert reason(b"") == "the file is empty"


def test_text_is_no_image() -> None:
    assert reason(b"a,b\n1,2\n").startswith("not an image of a known format (JPEG, PNG")


@pytest.mark.parametrize("keep", [0.02, 0.3, 0.9, 0.98])
def test_a_truncated_jpeg_is_refused(keep: float) -> None:
    data = image_bytes(size=(400, 300))
    assert "truncated" in reason(data[: int(len(data) * keep)]).lower()


@pytest.mark.parametrize("keep", [0.3, 0.9])
def test_a_truncated_png_is_refused(keep: float) -> None:
    data = image_bytes("PNG")
    assert reason(data[: int(len(data) * keep)]) == "the PNG is truncated"


def test_harmless_bytes_before_a_marker_do_not_cost_the_photo() -> None:
    data = image_bytes()
    assert read_image(data[:-2] + b"\x00\x11\x22" + data[-2:]).pixels.shape == (48, 64, 4)


def png_header(width: int, height: int) -> bytes:
    """A PNG of a few bytes that claims any size."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(bytes(100))) + chunk(b"IEND", b"")


def test_a_decompression_bomb_is_refused_by_its_header() -> None:
    assert "20000 x 20000" in reason(png_header(20_000, 20_000)) or "decompression bomb" in reason(
        png_header(20_000, 20_000)
    )


def test_a_jpeg_of_too_many_pixels_is_refused_by_its_header() -> None:
    data = bytearray(image_bytes())
    place = data.index(b"\xff\xc0")
    data[place + 5 : place + 9] = struct.pack(">HH", 20_000, 20_000)
    assert reason(bytes(data)) == "the image has 20000 x 20000 pixels; the limit is 100,000,000"


def test_a_file_of_too_many_bytes_is_refused_unread() -> None:
    assert "the limit is 40,000,000" in reason(b"\xff\xd8" + bytes(MAX_BYTES))


def test_an_animated_image_is_refused() -> None:
    frames = [Image.fromarray(any_rgb(seed=seed)) for seed in (1, 2)]
    stream = io.BytesIO()
    frames[0].save(stream, "GIF", save_all=True, append_images=frames[1:])
    assert reason(stream.getvalue()) == "the image is animated or has several pages"


def test_postscript_is_never_opened() -> None:
    assert "known format" in reason(b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n")


@given(
    st.binary(max_size=200),
    st.sampled_from([b"", b"\xff\xd8", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"RIFF", b"BM", b"II*\0"]),
)
def test_any_bytes_give_a_frame_or_a_reason(body: bytes, start: bytes) -> None:
    try:
        frame = read_image(start + body)
    except BadFile:
        return
    assert frame.pixels.ndim == 3


@given(st.integers(0, 10_000), st.integers(0, 255))
def test_a_damaged_jpeg_gives_a_frame_or_a_reason(place: int, value: int) -> None:
    data = bytearray(image_bytes())
    data[place % len(data)] = value
    test_any_bytes_give_a_frame_or_a_reason.hypothesis.inner_test(bytes(data), b"")
