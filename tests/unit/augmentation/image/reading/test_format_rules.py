"""The rules of docs/images.md for formats that are not plain 8-bit RGB, each checked by the values of pixels."""

from __future__ import annotations

import io
import os
import struct
import zlib
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageCms
from PIL.PngImagePlugin import PngInfo

from augmentation.errors import BadFile, BadImage
from augmentation.files import read_file
from augmentation.image.reading.jpeg import MAX_SCANS
from augmentation.image.reading.limits import MAX_BYTES
from augmentation.image.reading.reader import Target, read_image
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


def srgb_profile() -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


@lru_cache(maxsize=1)
def swapped_profile() -> bytes:
    """sRGB with red and green exchanged: a profile that is plainly another one."""
    profile = srgb_profile()
    red, green = profile.index(b"rXYZ"), profile.index(b"gXYZ")
    changed = bytearray(profile)
    changed[red : red + 4], changed[green : green + 4] = b"gXYZ", b"rXYZ"
    return bytes(changed)


PROFILED = {"JPEG": {"quality": 100, "subsampling": 0}, "PNG": {}, "TIFF": {}, "WEBP": {"lossless": True}}


@pytest.mark.parametrize("image_format", PROFILED)
def test_a_profile_turns_the_colors_into_srgb(image_format: str) -> None:
    image = Image.new("RGB", (32, 16), (200, 40, 90))
    wanted = ImageCms.profileToProfile(
        image,
        ImageCms.ImageCmsProfile(io.BytesIO(swapped_profile())),
        ImageCms.createProfile("sRGB"),
        ImageCms.Intent.RELATIVE_COLORIMETRIC,
    )
    data = encoded(image, image_format, icc_profile=swapped_profile(), **PROFILED[image_format])
    found = rgb(data)[8, 16].astype(int)
    assert np.abs(found - np.asarray(wanted)[8, 16]).max() <= 3
    assert np.abs(found - [40, 200, 90]).max() <= 3
    kept = read_image(data, convert=False).pixels[8, 16, 2::-1].astype(int)
    assert np.abs(kept - [200, 40, 90]).max() <= 3


@pytest.mark.parametrize("image_format", PROFILED)
def test_srgbs_own_profile_changes_nothing_at_all(image_format: str) -> None:
    image, options = Image.fromarray(any_rgb()), PROFILED[image_format]
    with_profile = encoded(image, image_format, icc_profile=srgb_profile(), **options)
    assert np.array_equal(rgb(with_profile), rgb(encoded(image, image_format, **options)))


def test_a_profile_is_applied_at_the_size_at_which_a_jpeg_is_decoded() -> None:
    data = encoded(Image.new("RGB", (800, 800), (200, 40, 90)), "JPEG", quality=95, icc_profile=swapped_profile())
    frame = read_image(data, Target(100, 100))
    assert frame.pixels.shape == (100, 100, 4)
    assert np.abs(frame.pixels[50, 50, 2::-1].astype(int) - [40, 200, 90]).max() <= 3


def test_a_profile_counts_beneath_transparency_too() -> None:
    image = Image.new("RGBA", (4, 4), (200, 40, 90, 255))
    image.putpixel((0, 0), (200, 40, 90, 0))
    found = rgb(encoded(image, "PNG", icc_profile=swapped_profile())).astype(int)
    assert found[0, 0].tolist() == [255, 255, 255]
    assert np.abs(found[2, 2] - [40, 200, 90]).max() <= 3


def test_gray_with_a_profile_of_gray_is_converted_and_with_one_of_colors_is_not() -> None:
    gray = Image.new("L", (8, 8), 100)
    assert rgb(encoded(gray, "PNG", icc_profile=gray_profile(1.0)))[4, 4, 0] > 150  # linear light is darker in numbers
    assert rgb(encoded(gray, "PNG", icc_profile=swapped_profile()))[4, 4].tolist() == [100, 100, 100]


def gray_profile(gamma: float) -> bytes:
    """An ICC profile, version 2, of gray with this gamma and the white of D50."""
    white = b"XYZ \0\0\0\0" + struct.pack(">iii", 63190, 65536, 54061)
    curve = b"curv\0\0\0\0" + struct.pack(">IHxx", 1, round(gamma * 256))
    text = b"desc\0\0\0\0" + struct.pack(">I", 5) + b"gray\0" + bytes(4 + 4 + 2 + 1 + 67)
    tags = [(b"desc", text + bytes(-len(text) % 4)), (b"wtpt", white), (b"kTRC", curve)]
    place, table, body = 128 + 4 + 12 * len(tags), b"", b""
    for name, data in tags:
        table += name + struct.pack(">II", place + len(body), len(data))
        body += data
    size = place + len(body)
    head = struct.pack(">I4xI4s4s4s", size, 0x02100000, b"mntr", b"GRAY", b"XYZ ") + bytes(12) + b"acsp" + bytes(28)
    head += struct.pack(">iii", 63190, 65536, 54061)
    return head.ljust(128, b"\0") + struct.pack(">I", len(tags)) + table + body


@pytest.mark.parametrize("image_format", PROFILED)
def test_a_broken_profile_does_not_cost_the_image(image_format: str) -> None:
    image, options = Image.fromarray(any_rgb()), PROFILED[image_format]
    broken = encoded(image, image_format, icc_profile=b"\0" * 200, **options)
    assert np.array_equal(rgb(broken), rgb(encoded(image, image_format, **options)))


@pytest.mark.parametrize("kind", [b"iCCP", b"tEXt", b"zTXt", b"iTXt", b"eXIf", b"gAMA", b"tIME", b"prVt"])
def test_a_chunk_beside_the_picture_may_be_broken_in_any_way(kind: bytes) -> None:
    plain = encoded(Image.fromarray(any_rgb()), "PNG")
    for body in (b"", b"\xff" * 60):
        chunk = raw.png_chunk(kind, body)
        for broken in (chunk, chunk[:-1] + bytes([chunk[-1] ^ 1])):
            assert np.array_equal(rgb(plain[:33] + broken + plain[33:]), rgb(plain))


def test_a_chunk_of_the_picture_may_not() -> None:
    plain = encoded(Image.fromarray(any_rgb()).quantize(16), "PNG")
    for kind in (b"IHDR", b"PLTE", b"IDAT"):
        place = plain.index(kind) + 6
        broken = plain[:place] + bytes([plain[place] ^ 1]) + plain[place + 1 :]
        with pytest.raises(BadImage, match=f"its {kind.decode()} chunk has a wrong checksum"):
            read_image(broken)


def test_an_apng_of_one_frame_is_one_picture() -> None:
    plain = encoded(Image.fromarray(any_rgb()), "PNG")
    for frames, refused in ((1, False), (2, True)):
        control = raw.png_chunk(b"acTL", struct.pack(">II", frames, 0))
        data = plain[:33] + control + plain[33:]
        if refused:
            with pytest.raises(BadImage, match="animated or has several pages"):
                read_image(data)
        else:
            assert np.array_equal(rgb(data), rgb(plain))


def test_overviews_of_a_tiff_are_no_pages() -> None:
    """As GeoTIFF has them: reduced copies of the same page, NewSubfileType 1."""
    image = Image.fromarray(any_rgb())
    small = image.resize((32, 24))
    small.encoderinfo = {"tiffinfo": {254: 1}}
    data = encoded(image, "TIFF", save_all=True, append_images=[small])
    with Image.open(io.BytesIO(data)) as opened:
        assert opened.n_frames == 2
    assert np.array_equal(rgb(data), any_rgb())


@pytest.mark.parametrize("image_format", ["JPEG", "PNG", "WEBP"])
def test_an_orientation_that_only_xmp_tells_is_passed_over_in_every_format(image_format: str) -> None:
    xmp = (
        b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        b'<rdf:Description xmlns:tiff="http://ns.adobe.com/tiff/1.0/" tiff:Orientation="6"/></rdf:RDF></x:xmpmeta>'
    )
    options: dict[str, Any] = {"xmp": xmp}
    if image_format == "PNG":
        info = PngInfo()
        info.add_itxt("XML:com.adobe.xmp", xmp.decode())
        options = {"pnginfo": info}
    assert rgb(encoded(Image.fromarray(any_rgb()), image_format, **options)).shape == (48, 64, 3)


@pytest.mark.parametrize("compression", ["packbits", "jpeg", "group3", "group4"])
def test_a_tiff_in_which_damage_is_not_seen_is_refused_with_what_to_do(compression: str) -> None:
    mode = "1" if "group" in compression else "RGB"
    data = encoded(Image.fromarray(any_rgb()).convert(mode), "TIFF", compression=compression)
    with pytest.raises(BadImage, match=r"compression, in which damage cannot be seen; save it uncompressed"):
        read_image(data)


def test_samples_with_a_sign_are_refused() -> None:
    data = encoded(Image.new("L", (4, 4), 200), "TIFF", tiffinfo={339: 2})
    with pytest.raises(BadImage, match="samples with a sign"):
        read_image(data)


def test_a_tiff_of_an_exotic_kind_is_called_a_tiff() -> None:
    data = bytearray(encoded(Image.new("RGB", (4, 4)), "TIFF"))
    place = data.index(struct.pack("<HHI", 262, 3, 1)) + 8  # PhotometricInterpretation
    data[place : place + 2] = struct.pack("<H", 32803)  # a color filter array
    with pytest.raises(BadImage, match="a TIFF file that is damaged or of a kind that cannot be read"):
        read_image(bytes(data))


def test_a_jpeg_of_twelve_bits_is_refused_by_its_name() -> None:
    data = bytearray(image_bytes())
    data[data.index(b"\xff\xc0") + 1] = 0xC1
    data[data.index(b"\xff\xc1") + 4] = 12
    with pytest.raises(BadImage, match="a JPEG of 12 bits a sample; save the image with 8 bits"):
        read_image(bytes(data))


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
