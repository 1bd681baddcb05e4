"""What is known of a JPEG from its headers, and what of it may be left out without harm."""

from __future__ import annotations

import io
import time

import pytest
import simplejpeg
from PIL import Image

from augmentation.image.reading.jpeg_headers import PROGRESSIVE, JpegHeaders, headers_of, scans_of, tidied

EXIF = b"\xff\xe1\x00\x0aExif\x00\x00xx"


def jpeg(mode: str = "RGB", **options: object) -> bytes:
    data = io.BytesIO()
    Image.effect_noise((40, 30), 60).convert(mode).save(data, "JPEG", **options)
    return data.getvalue()


def headers(data: bytes) -> JpegHeaders:
    found = headers_of(data)
    assert found
    return found


@pytest.mark.parametrize(("mode", "components"), [("RGB", 3), ("L", 1), ("CMYK", 4)])
def test_a_baseline_jpeg_has_one_scan(mode: str, components: int) -> None:
    found = headers(jpeg(mode))
    assert found.one_scan
    assert (found.process, found.precision, found.width, found.height) == (0xC0, 8, 40, 30)
    assert found.components == components


def test_an_embedded_thumbnail_is_skipped() -> None:
    assert headers(jpeg(exif=b"Exif\x00\x00" + jpeg(progressive=True))).one_scan


def test_a_progressive_jpeg_has_many_and_they_are_counted_up_to_its_end() -> None:
    data = jpeg(progressive=True, exif=b"Exif\x00\x00" + jpeg())
    found = headers(data)
    assert (found.process, found.one_scan) == (PROGRESSIVE, False)
    assert scans_of(data, found.scan) == scans_of(data + jpeg(), found.scan) == 10


def test_a_scan_of_one_of_three_components_is_not_the_only_one() -> None:
    data = bytearray(jpeg())
    data[data.index(b"\xff\xda") + 4] = 1
    assert not headers(bytes(data)).one_scan


@pytest.mark.parametrize("end", [2, 3, 10, 100])
def test_headers_that_end_early_are_none(end: int) -> None:
    assert headers_of(jpeg()[:end]) is None


def test_two_frames_are_none() -> None:
    data = jpeg()
    start = data.index(b"\xff\xc0")
    length = 2 + int.from_bytes(data[start + 2 : start + 4], "big")
    assert headers_of(data[:start] + data[start : start + length] + data[start:]) is None


def test_exif_is_found_wherever_it_stands_before_the_picture() -> None:
    plain = jpeg()
    thumbnail = b"\xff\xe0\x00\x0cJFXX\x00\xff\xda\x00\x00\x00"  # a JPEG within a segment has a scan of its own
    assert not headers(plain).exif
    assert not headers(plain + EXIF).exif
    for before in (EXIF, thumbnail + EXIF):
        assert headers(plain[:20] + before + plain[20:]).exif == EXIF[4:]
    assert headers(plain[:2] + EXIF + plain[2:]).exif == EXIF[4:]


def test_a_profile_in_pieces_is_put_together_in_their_order() -> None:
    profile = bytes(range(256)) * 700
    data = jpeg(icc_profile=profile)
    assert headers(data).icc == profile


HARMLESS = {
    "bytes between segments": lambda data: data[:20] + b"\x00\x11\x22" + data[20:],
    "fill bytes before a marker": lambda data: data[:20] + b"\xff\xff" + data[20:],
    "padding behind the picture": lambda data: data[:-2] + bytes(7) + data[-2:],
    "a JFIF revision of the future": lambda data: data[:11] + b"\x02" + data[12:],
    "scan parameters of another process": lambda data: data.replace(b"\x00\x3f\x00", b"\x00\x00\x00", 1),
    "a piece of a profile": lambda data: data[:20] + b"\xff\xe2\x00\x12ICC_PROFILE\x00\x02\x03xx" + data[20:],
    "all of that": lambda data: (
        data[:11]
        + b"\x02"
        + data[12:20]
        + b"\x00"
        + data[20:-2].replace(b"\x00\x3f\x00", bytes(3), 1)
        + b"\0"
        + data[-2:]
    ),
}


@pytest.mark.parametrize("name", HARMLESS)
def test_what_is_harmless_is_left_out_and_the_picture_stays(name: str) -> None:
    plain = jpeg(quality=90)
    unusual = HARMLESS[name](plain)
    if "fill" not in name:
        with pytest.raises(ValueError, match=r"JPEG|JFIF|SOS"):
            simplejpeg.decode_jpeg(unusual)
    padding = {"padding behind the picture": 7, "all of that": 1}.get(name, 0)
    assert tidied(unusual, padding) == plain


def test_what_is_usual_stays_as_it_is_with_its_scans_and_without_what_follows() -> None:
    for data in (jpeg(), jpeg(progressive=True), jpeg(restart_marker_rows=1), jpeg("CMYK")):
        assert tidied(data + b"more") == data


def test_bytes_behind_the_picture_that_differ_may_be_a_part_of_it() -> None:
    data = jpeg()
    assert tidied(data[:-2] + b"\x00\x11" + data[-2:], 2) is None


@pytest.mark.parametrize("end", [3, 21, 400, -2])
def test_what_ends_early_is_not_tidied(end: int) -> None:
    assert tidied(jpeg()[:end]) is None


@pytest.mark.parametrize("tail", [b"\x00", b"", b"\xd0"])
def test_fill_bytes_without_end_take_no_longer_than_other_bytes(tail: bytes) -> None:
    """Each of them could begin a marker: 40 kB took 27 seconds, a file of 40 MB would have taken months."""
    hostile, begin = jpeg()[:-2] + b"\xff" * 100_000 + tail, time.process_time()
    scans_of(hostile, 2)
    tidied(hostile)
    assert time.process_time() - begin < 5
