"""A perceptual hash: pictures that differ in size, quality, a little light or a narrow crop have nearly the same bits.

As pHash (Zauner, "Implementation and Benchmarking of Perceptual Image Hash Functions", 2010), the bits are those of the
lowest frequencies of a cosine transform, with three differences. There are 256 instead of 64, which tell no faces on
one background apart. A bit is the sign of a coefficient, not whether it is above the median: a mirrored picture has
the same coefficients with other signs, and a turned one has them in another place, so that `distances` and `transposed`
know from the bits what the hash of such a picture is. And a coefficient that is hardly more than noise gets a fixed
sign: the more bits are as `PATTERN` has them, the less a hash says, and the nearer must be what `are_near` finds.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from augmentation.image.frame import Pixels
from augmentation.image.reading.reader import Target, read_image

SIDE, LOW = 64, 16
BITS = LOW * LOW
# What JPEG and rounding add to a coefficient of a 64 x 64 picture, in gray levels.
NOISE = 4.0
# Measured (docs/engine.md): saving again, scaling and cutting 2 % off change fewer bits, other photos differ in more.
DISTANCE = 42
SHARE = 1 / 5  # of the bits that say something: unrelated pictures differ in half of them or more
LEAST = 48  # coefficients above the noise; smooth shades with fewer are nothing that could be known again

Words = NDArray[np.uint64]
"""Fingerprints x 4, 64 bits each: coefficients whose frequency is even or odd down and across (even even, even odd,
odd even, odd odd), by frequency down, then across."""


def fingerprint(data: bytes) -> str | None:
    """64 hexadecimal digits of the image in `data`, or None of one that is all one color or smooth shades.

    Raises:
        BadImage: `data` is no image that can be used.
    """
    return fingerprint_of(read_image(data, Target(SIDE, SIDE)).pixels)


def fingerprint_of(pixels: Pixels) -> str | None:
    """The same of a picture that has been decoded, at 64 pixels or more. Another decoded size changes some bits: of 713
    photos of 400 pixels, 4 of 256 in the mean and 16 at most (docs/embeddings.md)."""
    small = cv2.resize(pixels, (SIDE, SIDE), interpolation=cv2.INTER_AREA)
    gray = cv2.cvtColor(small, cv2.COLOR_BGRA2GRAY).astype(np.float32)
    low = cv2.dct(gray)[:LOW, :LOW]
    low[0, 0] = 0  # the mean brightness says nothing of what is in the picture
    if np.count_nonzero(np.abs(low) > NOISE) < LEAST:
        return None
    return _by_kind(low + NOISE * np.where(PATTERN, 1, -1) > 0).hex()


def words_of(fingerprints: bytes | bytearray) -> Words:
    """Of the bytes of fingerprints, one after the other."""
    return np.frombuffer(fingerprints, np.dtype(">u8")).astype(np.uint64).reshape(-1, 4)


def transposed(words: Words) -> Words:
    """Of the pictures whose rows are these pictures' columns."""
    turned = words.take([0, 2, 1, 3], axis=1)
    # 8 x 8 bits: of squares of 2, 4 and 8 bits the corners change places (Warren, "Hacker's Delight", 7-3).
    for shift, corners in ((7, 0x00AA00AA00AA00AA), (14, 0x0000CCCC0000CCCC), (28, 0x00000000F0F0F0F0)):
        differ = (turned ^ turned >> np.uint64(shift)) & np.uint64(corners)
        turned ^= differ ^ differ << np.uint64(shift)
    return turned


def distances(left: Words, right: Words) -> NDArray[np.uint8]:
    """In how many bits each of `left` differs from its neighbor in `right` or from that one's mirror images, at least.

    A mirror image has inverted words: left to right those odd across, top to bottom those odd down. Each word counts as
    it is or inverted, whichever is nearer: a symmetric picture has nothing but noise in some, which no mirror inverts.
    """
    even, *odd = np.ascontiguousarray(np.bitwise_count(left ^ right).T)
    return np.asarray(even + sum(np.minimum(kind, 64 - kind) for kind in odd), np.uint8)


def are_near(left: Words, right: Words) -> NDArray[np.bool]:
    """Whether each of `left` is a near-duplicate of its neighbor in `right`, mirrored or not."""
    apart = distances(left, right)
    near = apart <= DISTANCE
    near[near] = apart[near] <= SHARE * (_telling(left[near]) + _telling(right[near]))
    return near


def _telling(words: Words) -> NDArray[np.integer]:
    """How many bits are not those of noise."""
    return np.asarray(np.bitwise_count(words ^ _PATTERN_WORDS).sum(axis=1, dtype=np.int32))


def _pattern() -> NDArray[np.bool]:
    """The Thue-Morse sequence, which no picture resembles; the same down and across, so that turning keeps it."""
    down, across = np.indices((LOW, LOW))
    bits = np.bitwise_count(down * across + down + across) % 2 == 0
    bits[0, 0] = True
    return np.asarray(bits, np.bool)


def _by_kind(bits: NDArray[np.bool]) -> bytes:
    return np.packbits([bits[down::2, across::2] for down in (0, 1) for across in (0, 1)]).tobytes()


PATTERN = _pattern()
_PATTERN_WORDS = words_of(_by_kind(PATTERN))
