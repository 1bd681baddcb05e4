"""PNG: every chunk has a checksum (CRC-32). What the picture needs must be whole; the rest is left out.

So a broken profile or comment does not cost the picture, and compressed text never unfolds. Chunks and their fields:
PNG specification, third edition, https://www.w3.org/TR/png-3/.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import NamedTuple

from augmentation.errors import BadImage

SIGNATURE = b"\x89PNG\r\n\x1a\n"
_PICTURE = (b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND")
_MAX_PROFILE = 4_000_000


class Png(NamedTuple):
    """`data` is a PNG of nothing but the picture; `profile` and `exif` are empty where there is none that is whole."""

    data: bytes
    exif: bytes
    profile: bytes


def picture_of_png(data: bytes) -> Png:
    """
    Raises:
        BadImage: truncated, damaged or animated.
    """
    pieces = [SIGNATURE]
    exif = profile = b""
    for chunk in _chunks(data):
        if chunk.kind in _PICTURE:
            if not chunk.whole:
                raise BadImage(f"the PNG is damaged (its {chunk.kind.decode()} chunk has a wrong checksum)")
            pieces.append(chunk.raw)
            if chunk.kind == b"IEND":
                return Png(b"".join(pieces), exif, profile)
        elif chunk.kind[:1].isupper():
            raise BadImage(f"a PNG with a chunk of unknown meaning ({ascii(chunk.kind.decode('latin-1'))[1:-1]})")
        elif chunk.whole and chunk.kind == b"acTL" and int.from_bytes(chunk.body[:4], "big") > 1:
            raise BadImage("the image is animated or has several pages")
        elif chunk.whole and chunk.kind == b"eXIf":
            exif = b"Exif\x00\x00" + chunk.body
        elif chunk.whole and chunk.kind == b"iCCP":
            profile = _unpacked(chunk.body.partition(b"\x00")[2][1:])
    raise BadImage("the PNG is truncated")


class _Chunk(NamedTuple):
    kind: bytes
    raw: bytes
    whole: bool

    @property
    def body(self) -> bytes:
        return self.raw[8:-4]


def _chunks(data: bytes) -> Iterator[_Chunk]:
    """Ends where no whole chunk is left."""
    place = len(SIGNATURE)
    while place + 12 <= len(data):
        end = place + 12 + int.from_bytes(data[place : place + 4], "big")
        if end > len(data):
            return
        checksum = zlib.crc32(memoryview(data)[place + 4 : end - 4])
        yield _Chunk(
            data[place + 4 : place + 8], data[place:end], checksum == int.from_bytes(data[end - 4 : end], "big")
        )
        place = end


def _unpacked(body: bytes) -> bytes:
    """A profile; nothing when it is broken or too large to be one."""
    try:
        return zlib.decompressobj().decompress(body, _MAX_PROFILE)
    except zlib.error:
        return b""
