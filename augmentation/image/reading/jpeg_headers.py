"""What a JPEG's headers say, without a look at its picture: searching the bytes of a photo of 2 MB takes 2 ms.

Numbers of pages and clauses are those of ITU-T T.81.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

# Start of frame (table B.1): baseline and extended with Huffman coding, progressive; then lossless, arithmetic, ...
SEQUENTIAL, PROGRESSIVE = (0xC0, 0xC1), 0xC2
_FRAMES = (*range(0xC0, 0xC4), *range(0xC5, 0xC8), *range(0xC9, 0xCC), *range(0xCD, 0xD0))
_APP0, _APP1, _APP2, _START_OF_SCAN, _END = 0xE0, 0xE1, 0xE2, 0xDA, 0xD9
_JFIF, _EXIF, _ICC = b"JFIF\x00", b"Exif\x00\x00", b"ICC_PROFILE\x00"
# Within a scan 0xFF00 is a byte of 0xFF, and restarts belong to it; any other marker ends it (B.1.1.5).
# One 0xFF only: with all that fill the space before it, a run of n took n * n steps (40 kB of them 27 s).
_MARKER = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")


class JpegHeaders(NamedTuple):
    """`process` is the marker of the frame, `precision` the bits of a sample, `scan` the place of the first scan.

    `one_scan`: libjpeg stops after the first scan, for it is sequential and holds all components: the rule of
    `initial_setup` in its jdinput.c.
    """

    process: int
    precision: int
    height: int
    width: int
    components: int
    scan: int
    one_scan: bool
    exif: bytes
    icc: bytes


def headers_of(data: bytes) -> JpegHeaders | None:
    """None when anything in front of the picture is unusual: bytes between segments, two frames, no scan."""
    frame = None
    exif, icc = b"", []
    for marker, place in _segments(data):
        if marker in _FRAMES:
            if frame is not None:
                return None
            frame = marker, place
        elif marker == _APP1 and not exif and data.startswith(_EXIF, place + 4):
            exif = _body(data, place)
        elif marker == _APP2 and data.startswith(_ICC, place + 4):
            icc.append((data[place + 16], _body(data, place)[14:]))  # number of the piece, count of pieces, piece
        elif marker == _START_OF_SCAN:
            if frame is None:
                return None
            process, start = frame
            components = data[start + 9]
            return JpegHeaders(
                process,
                data[start + 4],
                int.from_bytes(data[start + 5 : start + 7], "big"),
                int.from_bytes(data[start + 7 : start + 9], "big"),
                components,
                place,
                process in SEQUENTIAL and data[place + 4] == components,
                exif,
                b"".join(piece for _, piece in sorted(icc)),
            )
    return None


def scans_of(data: bytes, first: int) -> int:
    """How many scans the picture has, counted by their markers up to its end; `first` is the place of the first."""
    count = 0
    for match in _MARKER.finditer(data, first):
        marker = data[match.end() - 1]
        if marker == _END:
            break
        count += marker == _START_OF_SCAN
    return count


def tidied(data: bytes, padding: int = 0) -> bytes | None:
    """The same picture without what decoders warn of though it does no harm; None where that cannot be told apart.

    That is: bytes between two segments that belong to none; a color profile, whose pieces may be missing; a JFIF
    revision or scan parameters that baseline JPEGs do not have; `padding` equal bytes behind the picture's last scan,
    as some cameras write to fill a block.
    """
    pieces = [data[:2]]
    place, sequential = 2, False
    while True:
        found = _MARKER.search(data, place)
        if found is None:
            return None
        marker, place = data[found.end() - 1], found.end() - 2
        if marker == _END:
            pieces.append(data[place : place + 2])
            return b"".join(pieces)
        end = place + 2 + int.from_bytes(data[place + 2 : place + 4], "big")
        if end > len(data) or end < place + 4:
            return None
        sequential = sequential or marker in SEQUENTIAL
        pieces.append(_usual(data[place:end], sequential=sequential))
        place = end
        if marker == _START_OF_SCAN:
            found = _MARKER.search(data, place)
            if found is None:
                return None
            end = _before_fill(data, found.start(), place)
            if padding and data[found.end() - 1] == _END:
                if len(set(data[end - padding : end])) != 1:
                    return None
                end -= padding
            pieces.append(data[place:end])
            place = found.start()


def _before_fill(data: bytes, marker: int, first: int) -> int:
    """Where the bytes of 0xFF begin that may stand before a marker (B.1.1.2)."""
    while marker > first and data[marker - 1] == 0xFF:
        marker -= 1
    return marker


def _usual(segment: bytes, *, sequential: bool) -> bytes:
    marker = segment[1]
    if marker == _APP0 and segment.startswith(_JFIF, 4):
        return segment[:9] + b"\x01" + segment[10:]
    if marker == _APP2 and segment.startswith(_ICC, 4):
        return b""
    if marker == _START_OF_SCAN and sequential:
        return segment[:-3] + b"\x00\x3f\x00"
    return segment


def _body(data: bytes, place: int) -> bytes:
    return data[place + 4 : place + 2 + int.from_bytes(data[place + 2 : place + 4], "big")]


def _segments(data: bytes) -> Iterator[tuple[int, int]]:
    """Marker and place of each segment; ends at what is no segment: fill bytes, or a marker without length."""
    place = 2
    while place + 9 < len(data) and data[place] == 0xFF:
        marker = data[place + 1]
        if marker < 0xC0 or 0xD0 <= marker <= 0xD9 or marker == 0xFF:
            return
        yield marker, place
        length = int.from_bytes(data[place + 2 : place + 4], "big")
        if length < 2:
            return
        place += 2 + length
