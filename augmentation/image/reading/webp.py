"""WebP has no checksum. Damage is seen by the decoder's complaints, and because a whole picture needs its end.

A picture is one arithmetic or Huffman code from its first to its last bit. After damage the decoder runs out of bytes,
or has some left: then the picture also comes out of a file without its last bytes, which no whole one does.
Container: RFC 9649.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import NamedTuple

from PIL import Image

from augmentation.errors import BadImage

# Whole pictures (2,000 of photos, gradients, flat colors; lossy and lossless) need each of their last 6 bytes.
_NEEDED = 8
_FRAME_HEADER = 16  # bytes of an ANMF chunk before its picture


class WebP(NamedTuple):
    """Empty where there is none."""

    exif: bytes
    profile: bytes


def check_webp(data: bytes) -> WebP:
    """
    Raises:
        BadImage: truncated, damaged or animated.
    """
    size = int.from_bytes(data[4:8], "little") + 8
    if size > len(data):
        raise BadImage("the WebP is truncated")
    chunks = list(_chunks(data[12:size]))
    frames = [body[_FRAME_HEADER:] for kind, body in chunks if kind == b"ANMF"]
    if len(frames) > 1:
        raise BadImage("the image is animated or has several pages")
    for kind, body in [*chunks, *(inner for frame in frames for inner in _chunks(frame))]:
        if kind in (b"VP8 ", b"VP8L") and _decodes(kind, body[:-_NEEDED]):
            raise BadImage("the WebP is damaged (its picture ends before its data)")
    beside = dict(chunks)
    exif = beside.get(b"EXIF", b"")
    return WebP(
        exif if exif.startswith(b"Exif\x00\x00") or not exif else b"Exif\x00\x00" + exif, beside.get(b"ICCP", b"")
    )


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    place = 0
    while place + 8 <= len(data):
        size = int.from_bytes(data[place + 4 : place + 8], "little")
        yield data[place : place + 4], data[place + 8 : place + 8 + size]
        place += 8 + size + size % 2


def _decodes(kind: bytes, body: bytes) -> bool:
    chunk = kind + len(body).to_bytes(4, "little") + body + bytes(len(body) % 2)
    file = b"RIFF" + (4 + len(chunk)).to_bytes(4, "little") + b"WEBP" + chunk
    try:
        with Image.open(io.BytesIO(file), formats=("WEBP",)) as image:
            image.load()
    except Exception:  # noqa: BLE001 - as it must be
        return False
    return True
