"""File formats written by hand, where an encoder would refuse to write what a hostile file holds."""

from __future__ import annotations

import io
import struct
import zlib
from functools import lru_cache

from PIL import Image

PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"


def png_chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(width: int, height: int, depth: int, color: int, packed: bytes, *before: tuple[bytes, bytes]) -> bytes:
    """A PNG of compressed rows, each led by its filter byte; `color`: 0 gray, 2 RGB, 3 palette, 4 and 6 with alpha."""
    head = png_chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, color, 0, 0, 0))
    extra = b"".join(png_chunk(*chunk) for chunk in before)
    return PNG_SIGNATURE + head + extra + png_chunk(b"IDAT", packed) + png_chunk(b"IEND", b"")


@lru_cache(maxsize=4)
def png_bomb(width: int, height: int, depth: int, color: int) -> bytes:
    """Zeros, as dense as deflate packs them: 10,000 x 10,000 of one bit are 12 KB."""
    row = bytes(1 + -(-width * depth * {0: 1, 2: 3, 4: 2, 6: 4}[color] // 8))
    packer = zlib.compressobj(9 if depth == 1 else 1)
    rows = 500
    parts = [packer.compress(row * min(rows, height - done)) for done in range(0, height, rows)]
    return png(width, height, depth, color, b"".join([*parts, packer.flush()]))


def claimed_size(data: bytes, width: int, height: int) -> bytes:
    """The file with another size in its header: PNG, JPEG, GIF or BMP."""
    if data.startswith(PNG_SIGNATURE):
        body = struct.pack(">II", width, height) + data[24:29]
        return data[:8] + png_chunk(b"IHDR", body) + data[33:]
    changed = bytearray(data)
    if data.startswith(b"GIF"):
        changed[6:10] = struct.pack("<HH", min(width, 65535), min(height, 65535))
    elif data.startswith(b"BM"):
        changed[18:26] = struct.pack("<ii", width, height)
    else:
        place = next(data.index(marker) for marker in (b"\xff\xc0", b"\xff\xc2") if marker in data)
        changed[place + 5 : place + 9] = struct.pack(">HH", min(height, 65535), min(width, 65535))
    return bytes(changed)


def jpeg_segment(marker: int, body: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body


def with_segment(jpeg: bytes, marker: int, body: bytes) -> bytes:
    """The JPEG with one more segment right after its start."""
    return jpeg[:2] + jpeg_segment(marker, body) + jpeg[2:]


def scan_bomb(jpeg: bytes, scans: int) -> bytes:
    """A progressive JPEG whose last scan comes again and again."""
    last = jpeg.rindex(b"\xff\xda")
    return jpeg[:-2] + jpeg[last:-2] * scans + jpeg[-2:]


def ycck_jpeg(cmyk: Image.Image) -> bytes:
    """CMYK as Adobe writes it: ink stored as 255 - ink; libjpeg inverts three once more on the way to YCbCr."""
    cyan, magenta, yellow, black = cmyk.split()
    luma = Image.merge("RGB", (cyan, magenta, yellow)).convert("YCbCr")
    # Pillow stores 255 - value of each channel it calls CMYK, so it is given the complement of what shall be stored.
    stored = [channel.point(lambda value: 255 - value) for channel in luma.split()]
    stream = io.BytesIO()
    Image.merge("CMYK", (*stored, black)).save(stream, "JPEG", quality=95)
    data = bytearray(stream.getvalue())
    data[data.index(b"Adobe") + 11] = 2  # the transform of the APP14 segment: YCCK
    return bytes(data)


def lossless_jpeg(side: int, components: int) -> bytes:
    """Process 14 of ITU-T T.81 (SOF3), a code of one bit, all differences 0: nothing but gray."""
    frame = bytes([8, *side.to_bytes(2, "big"), *side.to_bytes(2, "big"), components])
    frame += b"".join(bytes([number, 0x11, 0]) for number in range(1, components + 1))
    table = bytes([0, 1, *([0] * 15), 0])
    scan = bytes([components, *(byte for number in range(1, components + 1) for byte in (number, 0)), 1, 0, 0])
    segments = jpeg_segment(0xC3, frame) + jpeg_segment(0xC4, table) + jpeg_segment(0xDA, scan)
    return b"\xff\xd8" + segments + bytes(-(-components * side * side // 8)) + b"\xff\xd9"
