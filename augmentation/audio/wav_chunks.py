"""Whether a WAV is whole, by the sizes that its chunks tell: libsndfile reads what is there, and says nothing.

"Multimedia Programming Interface and Data Specifications 1.0" (IBM and Microsoft, 1991), "RIFF": a chunk is a name of
four bytes, a size of four, and its content; an odd one is padded by a byte.
"""

from __future__ import annotations

from typing import Literal

from augmentation.errors import BadClip

BYTE_ORDERS: dict[bytes, Literal["little", "big"]] = {b"RIFF": "little", b"RIFX": "big"}


def check_whole(data: bytes) -> None:
    """Nothing, if all samples are there that `data`, the bytes of a WAV, tells of.

    Raises:
        BadClip: the file, or the chunk with its samples, ends too early.
    """
    size = _size_at(data, 4)
    # The padding of the last chunk may be missing: it holds nothing.
    if size + 8 > len(data) + 1 and not _is_unknown(size):
        raise BadClip(f"the WAV is truncated: {len(data):,} of {size + 8:,} bytes are there")
    place = 12
    while place + 8 <= len(data):
        name, size = data[place : place + 4], _size_at(data, place + 4)
        there = len(data) - place - 8
        if name == b"data":
            if size > there and not _is_unknown(size):
                raise BadClip(f"the WAV is truncated: {there:,} of {size:,} bytes of its samples are there")
            return
        place += 8 + size + size % 2


def _size_at(data: bytes, place: int) -> int:
    return int.from_bytes(data[place : place + 4], BYTE_ORDERS[data[:4]])


def _is_unknown(size: int) -> bool:
    """What those write who cannot seek back into a pipe: FFmpeg all ones, SoX the whole frames below 2 GB less 4 KB."""
    return size == 0xFFFFFFFF or 0x7FFF0000 <= size < 0x80000000
