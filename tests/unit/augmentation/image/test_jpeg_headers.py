"""Which JPEGs are known from their headers to be read in one pass."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from augmentation.image.jpeg_headers import has_exif, has_one_scan


def jpeg(mode: str = "RGB", **options: object) -> bytes:
    data = io.BytesIO()
    Image.effect_noise((40, 30), 60).convert(mode).save(data, "JPEG", **options)
    return data.getvalue()


@pytest.mark.parametrize("mode", ["RGB", "L", "CMYK"])
def test_a_baseline_jpeg_has_one_scan(mode: str) -> None:
    assert has_one_scan(jpeg(mode))


def test_an_embedded_thumbnail_is_skipped() -> None:
    exif = b"Exif\x00\x00" + jpeg(progressive=True)
    assert has_one_scan(jpeg(exif=exif))


def test_a_progressive_jpeg_may_have_many() -> None:
    assert not has_one_scan(jpeg(progressive=True))


def test_a_scan_of_one_of_three_components_is_not_the_only_one() -> None:
    data = bytearray(jpeg())
    data[data.index(b"\xff\xda") + 4] = 1
    assert not has_one_scan(bytes(data))


@pytest.mark.parametrize("end", [2, 3, 10, 100])
def test_headers_that_end_early_prove_nothing(end: int) -> None:
    assert not has_one_scan(jpeg()[:end])


def test_a_second_frame_proves_nothing() -> None:
    data = jpeg()
    start = data.index(b"\xff\xc0")
    length = 2 + int.from_bytes(data[start + 2 : start + 4], "big")
    assert not has_one_scan(data[:start] + data[start : start + length] + data[start:])


def test_exif_is_found_wherever_it_stands_before_the_picture() -> None:
    plain = jpeg()
    exif = b"\xff\xe1\x00\x0aExif\x00\x00xx"
    thumbnail = b"\xff\xe0\x00\x0cJFXX\x00\xff\xda\x00\x00\x00"  # a JPEG within a segment has a scan of its own
    assert not has_exif(plain)
    assert not has_exif(plain + exif)
    for data in (
        plain[:2] + exif + plain[2:],
        plain[:20] + exif + plain[20:],
        plain[:20] + thumbnail + exif + plain[20:],
    ):
        assert has_exif(data)


def test_unusual_headers_are_looked_at_more_closely() -> None:
    plain = jpeg()
    assert has_exif(plain[:20] + b"\xff" + plain[20:])
    assert has_exif(b"\xff\xd8")
