"""Two headers of FLAC that libsndfile cannot read, made ones that it can: RFC 9639, "Free Lossless Audio Codec".

libsndfile decodes every sample by the header of its frame, but opens files of 8, 16 and 24 bits only, and takes an
unknown number of frames (as a pipe leaves it) for 2^63 - 1. https://www.rfc-editor.org/rfc/rfc9639
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from augmentation.errors import BadClip

MAGIC = b"fLaC"
_PLACE = slice(18, 26)  # of rate, channels, bits and total, in the first metadata block
_TOTAL = (1 << 36) - 1
_OPENED_AS = {8: 8, 12: 16, 16: 16, 20: 24, 24: 24, 32: 24}
_LENGTHS_OF_NUMBER = (0x80, 0x00), (0xE0, 0xC0), (0xF0, 0xE0), (0xF8, 0xF0), (0xFC, 0xF8), (0xFE, 0xFC), (0xFF, 0xFE)


class _StreamInfo(NamedTuple):
    """Section 8.2. `block` is the frames' length in samples of a channel, `bits` those of a sample."""

    block: int
    channels: int
    bits: int
    total: int


def readable(data: bytes) -> bytes:
    """`data`, or the same samples below a header that libsndfile opens.

    Raises:
        BadClip: the number of bits is none that is handled, or a stream without a total ends within a frame.
    """
    if len(data) < _PLACE.stop or data[4] & 0x7F:
        return data  # not even a header: libsndfile says so
    fields = int.from_bytes(data[_PLACE], "big")
    info = _StreamInfo(
        int.from_bytes(data[10:12], "big"), (fields >> 41 & 7) + 1, (fields >> 36 & 31) + 1, fields & _TOTAL
    )
    start = _first_frame(data)
    opened = _OPENED_AS.get(info.bits, 0)
    if not opened or (opened != info.bits and data[start + 3 : start + 4] and not data[start + 3] & 0x0E):
        raise BadClip(f"FLAC with {info.bits} bits is not handled; save the clip with 16 bits")
    total = info.total or _counted(data, start, info)
    if (opened, total) == (info.bits, info.total):
        return data
    fields = fields & ~(_TOTAL | 31 << 36) | (opened - 1) << 36 | total
    return data[: _PLACE.start] + fields.to_bytes(8, "big") + data[_PLACE.stop :]


def _first_frame(data: bytes) -> int:
    """Where the metadata ends (section 8.1)."""
    place, last = len(MAGIC), False
    while not last and place + 4 <= len(data):
        last = bool(data[place] & 0x80)
        place += 4 + int.from_bytes(data[place + 1 : place + 4], "big")
    return place


def _counted(data: bytes, start: int, info: _StreamInfo) -> int:
    """Samples of a channel, as the last frame numbers them: the frame that ends where the file does."""
    if start >= len(data):
        raise BadClip("the clip has no frames")
    # No frame is longer than its samples kept as they are, and its header and footer.
    lowest = max(start, len(data) - (info.block * info.channels * 5 + 64))
    place = data.rfind(b"\xff", lowest)
    while place >= 0:
        end = _end_of_frame(data[place : place + 16].ljust(16, b"\0"), info.block)
        if end is not None and _remainder(data[place:], 0x8005, 16) == 0:
            return min(end, _TOTAL)
        place = data.rfind(b"\xff", lowest, place)
    raise BadClip("the FLAC is truncated: it does not end with a whole frame")


def _end_of_frame(head: bytes, block: int) -> int | None:
    """The number of the sample after the frame whose header this is (section 9.1), or None of what is no header."""
    code, rate = head[2] >> 4, head[2] & 15
    digits = next((count for count, (mask, own) in enumerate(_LENGTHS_OF_NUMBER, 1) if head[4] & mask == own), 0)
    after = 4 + digits
    spelled = {6: 1, 7: 2}.get(code, 0)  # bytes of a length that is no power of two
    length = after + spelled + {12: 1, 13: 2, 14: 2}.get(rate, 0) + 1
    if head[:1] != b"\xff" or head[1] & 0xFE != 0xF8 or not code or not digits or _remainder(head[:length], 0x07, 8):
        return None
    number = head[4] & (0x7F if digits == 1 else 0x7F >> digits)
    for byte in head[5:after]:
        number = number << 6 | byte & 0x3F
    own = int.from_bytes(head[after : after + spelled], "big") + 1 if spelled else _frames_of(code)
    return (number if head[1] & 1 else number * block) + own


def _frames_of(code: int) -> int:
    """Table 14 of the RFC."""
    return 192 if code == 1 else 576 << code - 2 if code < 6 else 256 << code - 8


def _remainder(data: bytes, polynomial: int, bits: int) -> int:
    """The cyclic redundancy check; 0 of bytes that end with their own."""
    table, mask = _table(polynomial, bits), (1 << bits) - 1
    found = 0
    for byte in data:
        found = (found << 8 & mask) ^ table[found >> bits - 8 ^ byte]
    return found


@lru_cache
def _table(polynomial: int, bits: int) -> tuple[int, ...]:
    def of(byte: int) -> int:
        found = byte << bits - 8
        for _ in range(8):
            found = found << 1 ^ (polynomial if found >> bits - 1 else 0)
            found &= (1 << bits) - 1
        return found

    return tuple(of(byte) for byte in range(256))
