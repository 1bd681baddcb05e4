"""The families of hostile files: how one is made, and what the engine must do with it."""

from __future__ import annotations

import io
import random
import struct
import zipfile
import zlib
from collections.abc import Callable
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from PIL import Image

from tests.hostile import raw
from tests.support.builders.photos import any_rgb

MADE, REFUSED, EITHER = "made", "refused", "either"
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF")


class Family(NamedTuple):
    """`make(rng)` gives the bytes; `expected` is made, refused or either; `weight` is its share of the corpus."""

    name: str
    make: Callable[[random.Random], bytes]
    expected: str
    weight: int


@lru_cache(maxsize=128)
def photo(image_format: str, mode: str = "RGB", seed: int = 1, options: tuple[tuple[str, Any], ...] = ()) -> bytes:
    stream = io.BytesIO()
    image = Image.fromarray(any_rgb(96 + seed % 7, 64 + seed % 5, seed)).convert(mode)
    image.save(stream, image_format, **dict(options))
    return stream.getvalue()


def any_photo(rng: random.Random, image_format: str | None = None) -> bytes:
    return photo(image_format or rng.choice(FORMATS), seed=rng.randrange(8))


def sound(rng: random.Random) -> bytes:
    kinds: tuple[tuple[str, str, tuple[tuple[str, Any], ...]], ...] = (
        ("JPEG", "RGB", (("progressive", True),)), ("JPEG", "RGB", (("subsampling", 0),)),
        ("JPEG", "L", ()), ("JPEG", "CMYK", ()), ("JPEG", "RGB", (("restart_marker_rows", 1),)),
        ("PNG", "1", ()), ("PNG", "L", ()), ("PNG", "P", ()), ("PNG", "LA", ()), ("PNG", "RGBA", ()),
        ("PNG", "I;16", ()),
        ("WEBP", "RGB", (("lossless", True),)), ("WEBP", "RGBA", ()), ("GIF", "P", ()), ("BMP", "L", ()),
        ("BMP", "1", ()), ("TIFF", "RGB", (("compression", "tiff_lzw"),)), ("TIFF", "CMYK", ()), ("TIFF", "I;16", ()),
        ("TIFF", "RGB", (("compression", "tiff_deflate"),)),
    )  # fmt: skip
    image_format, mode, options = rng.choice(kinds)
    return photo(image_format, mode, rng.randrange(8), options)


def ycck(rng: random.Random) -> bytes:
    return raw.ycck_jpeg(Image.fromarray(any_rgb(seed=rng.randrange(99))).convert("CMYK"))


def sixteen_bit_color(rng: random.Random) -> bytes:
    color, channels = rng.choice(((2, 3), (4, 2), (6, 4)))
    samples = np.random.default_rng(rng.randrange(1 << 30)).integers(0, 65536, (12, 16 * channels)).astype(">u2")
    rows = b"".join(b"\0" + row.tobytes() for row in samples)
    return raw.png(16, 12, 16, color, zlib.compress(rows))


def oriented(rng: random.Random) -> bytes:
    exif = Image.Exif()
    exif[0x0112] = rng.randint(1, 8)
    return photo(rng.choice(("JPEG", "PNG", "WEBP", "TIFF")), "RGB", rng.randrange(8), (("exif", exif.tobytes()),))


def broken_exif(rng: random.Random) -> bytes:
    body = bytearray(b"Exif\0\0" + rng.choice((b"MM\0*\0\0\0\x08", b"II*\0\x08\0\0\0", b"")) + rng.randbytes(80))
    return raw.with_segment(any_photo(rng, "JPEG"), 0xE1, bytes(body))


def broken_profile(rng: random.Random) -> bytes:
    return raw.with_segment(any_photo(rng, "JPEG"), 0xE2, b"ICC_PROFILE\0" + rng.randbytes(120))


def appended(rng: random.Random) -> bytes:
    return any_photo(rng, rng.choice(("JPEG", "PNG", "BMP"))) + rng.randbytes(rng.randint(1, 5000))


def extreme_shape(rng: random.Random) -> bytes:
    size = rng.choice(((1, 1), (1, 2), (2, 1), (1, 9000), (9000, 1), (3, 5)))
    stream = io.BytesIO()
    Image.new("RGB", size, (200, 30, 30)).save(stream, rng.choice(("JPEG", "PNG", "GIF", "BMP", "TIFF", "WEBP")))
    return stream.getvalue()


def truncated(rng: random.Random) -> bytes:
    data = any_photo(rng, rng.choice(("JPEG", "PNG")))
    return data[: rng.randint(1, int(len(data) * 0.9))]


def truncated_other(rng: random.Random) -> bytes:
    data = any_photo(rng, rng.choice(("WEBP", "GIF", "BMP", "TIFF")))
    return data[: rng.randint(1, len(data) - 1)]


def bits_flipped(rng: random.Random) -> bytes:
    data = bytearray(any_photo(rng))
    for _ in range(rng.choice((1, 1, 3, 20))):
        data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
    return bytes(data)


def head_damaged(rng: random.Random) -> bytes:
    """The first bytes say how the rest is read, so that is where most harm is done."""
    data = bytearray(any_photo(rng))
    for _ in range(rng.randint(1, 6)):
        data[rng.randrange(2, min(80, len(data)))] = rng.choice((0, 1, 127, 128, 255, rng.randrange(256)))
    return bytes(data)


def bomb(rng: random.Random) -> bytes:
    if rng.random() < 0.5:
        return raw.png_bomb(*rng.choice(((10_000, 10_000, 1, 0), (9_999, 9_999, 1, 0), (5_000, 5_000, 1, 0))))
    return flat(rng.choice(("GIF", "WEBP", "TIFF", "PNG")))


@lru_cache(maxsize=4)
def flat(image_format: str) -> bytes:
    """25 million pixels of one color."""
    stream = io.BytesIO()
    more = {"WEBP": {"lossless": True, "quality": 0, "method": 0}, "TIFF": {"compression": "tiff_deflate"}}
    Image.new("L", (5_000, 5_000)).save(stream, image_format, **more.get(image_format, {}))
    return stream.getvalue()


def unfolding_text(rng: random.Random) -> bytes:
    """A PNG whose compressed text is 64 MB long."""
    text = b"Comment\0\0" + _zeros()
    return raw.png(4, 4, 8, 0, zlib.compress(bytes(5 * 4)), (rng.choice((b"zTXt", b"iCCP")), text))


@lru_cache(maxsize=1)
def _zeros() -> bytes:
    return zlib.compress(bytes(64_000_000), 1)


def huge_claim(rng: random.Random) -> bytes:
    size = rng.choice(((65_000, 65_000), (60_000, 2_000), (20_000, 20_000), (10_001, 10_000)))
    return raw.claimed_size(any_photo(rng, rng.choice(("JPEG", "PNG", "GIF", "BMP"))), *size)


def no_size(rng: random.Random) -> bytes:
    return raw.claimed_size(any_photo(rng, rng.choice(("JPEG", "PNG"))), *rng.choice(((0, 64), (64, 0), (0, 0))))


def many_scans(rng: random.Random) -> bytes:
    return raw.scan_bomb(photo("JPEG", seed=1, options=(("progressive", True),)), rng.randint(200, 2000))


def animated(rng: random.Random) -> bytes:
    frames = [Image.fromarray(any_rgb(48, 32, seed)) for seed in range(rng.randint(2, 5))]
    stream = io.BytesIO()
    frames[0].save(stream, rng.choice(("GIF", "PNG", "WEBP", "TIFF")), save_all=True, append_images=frames[1:])
    return stream.getvalue()


def wide_samples(rng: random.Random) -> bytes:
    stream = io.BytesIO()
    Image.fromarray(np.full((8, 8), rng.random(), np.float32)).convert(rng.choice("FI")).save(stream, "TIFF")
    return stream.getvalue()


def unchecked_tiff(rng: random.Random) -> bytes:
    compression = rng.choice(("packbits", "jpeg", "group3", "group4"))
    return photo("TIFF", "1" if "group" in compression else "RGB", 1, (("compression", compression),))


def lossless_jpeg(rng: random.Random) -> bytes:
    return raw.lossless_jpeg(rng.choice((64, 500, 1024)), rng.choice((1, 3)))


def stretch_damaged(rng: random.Random) -> bytes:
    """Noise or zeros in the middle of a picture's data."""
    data = any_photo(rng)
    length = rng.choice((16, 64, 512))
    place = rng.randrange(min(700, len(data) // 2), len(data))
    body = rng.randbytes(length) if rng.random() < 0.5 else bytes(length)
    return (data[:place] + body + data[place + length :])[: len(data)]


def no_image(rng: random.Random) -> bytes:
    return rng.choice(
        (
            b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
            b"<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///x'>]><svg>&a;</svg>",
            b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n", b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n(%pipe%id)\n",
            b"file,label\na.jpg,open\n", b"<html><body>404 Not Found</body></html>", b'{"error": "AccessDenied"}',
            b"MZ" + bytes(200), b"\x7fELF" + bytes(200), b"\0" * 5000, b"\xff" * 5000,
            b"\n",
            b"version https://git-lfs",
            b"\0\0\0\x20ftypheic" + bytes(100), b"\0\0\1\0\1\0\x10\x10" + bytes(60), b"8BPS\0\1" + bytes(60),
            b"push graphic-context\nfill 'url(https://example.com/\"|id\")'\n", _archive(), rng.randbytes(400),
        )
    )  # fmt: skip


@lru_cache(maxsize=1)
def _archive() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("../../escaped.jpg", bytes(1_000_000))
    return stream.getvalue()


def looping_directory(rng: random.Random) -> bytes:
    """A TIFF whose directory names itself as the next page."""
    entry = struct.pack("<HHII", 256, 3, 1, rng.randint(1, 100))
    return b"II*\0\x08\0\0\0" + struct.pack("<H", 1) + entry + struct.pack("<I", 8)


FAMILIES = (
    Family("sound formats and modes", sound, MADE, 10),
    Family("YCCK JPEG", ycck, MADE, 2),
    Family("16-bit color", sixteen_bit_color, MADE, 3),
    Family("EXIF orientation", oriented, MADE, 5),
    Family("broken EXIF", broken_exif, MADE, 5),
    Family("broken ICC profile", broken_profile, MADE, 3),
    Family("bytes after the end", appended, MADE, 3),
    Family("extreme shapes", extreme_shape, MADE, 4),
    Family("empty", lambda _: b"", REFUSED, 1),
    Family("truncated JPEG or PNG", truncated, REFUSED, 12),
    Family("truncated, other formats", truncated_other, EITHER, 8),
    Family("flipped bits", bits_flipped, EITHER, 20),
    Family("damaged head", head_damaged, EITHER, 20),
    Family("damaged stretch", stretch_damaged, EITHER, 20),
    Family("lossless JPEG", lossless_jpeg, MADE, 2),
    Family("TIFF without a check", unchecked_tiff, REFUSED, 2),
    Family("decompression bomb", bomb, REFUSED, 1),
    Family("text that unfolds", unfolding_text, EITHER, 1),
    Family("huge claimed size", huge_claim, REFUSED, 4),
    Family("no size", no_size, REFUSED, 2),
    Family("too many scans", many_scans, REFUSED, 1),
    Family("animated or several pages", animated, REFUSED, 4),
    Family("32-bit samples", wide_samples, REFUSED, 2),
    Family("no image at all", no_image, REFUSED, 8),
    Family("directory in a loop", looping_directory, REFUSED, 1),
)
