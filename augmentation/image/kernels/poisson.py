"""Shot noise, quickly: a drawn quantile and a pixel's value together are the address of the noisy value in a table."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from augmentation.image.frame import Pixels
from augmentation.image.kernels import noise
from augmentation.seeds import numpy_rng

Kernel = Callable[[Pixels, float, int], Pixels]
QUANTILES = 1 << 12  # of a normal distribution, 256 would lose 0.25 % of the standard deviation; these lose 0.02 %
TABLE_SEED = 20191102  # fixed for ever: another table would be other noise


@lru_cache(maxsize=5)
def shot_table(photons: float) -> NDArray[np.uint8]:
    """256 values x 4,096 quantiles, flat: what becomes of a value when white is `photons` photons on average."""
    expected = np.arange(256) / 255 * photons
    middles = (np.arange(QUANTILES) + 0.5) / QUANTILES
    # Seven standard deviations: beyond them lies less than a quantile, for any mean up to `photons`.
    most = int(photons + 7 * photons**0.5 + 10)
    chances = np.empty((256, most + 1))
    chances[:, 0] = np.exp(-expected)
    for count in range(1, most + 1):
        chances[:, count] = chances[:, count - 1] * expected / count
    below = chances.cumsum(axis=1)
    counts = np.stack([np.searchsorted(row, middles) for row in below])
    table: NDArray[np.uint8] = _as_bytes(counts, photons).ravel()
    table.setflags(write=False)
    return table


@lru_cache(maxsize=1)
def _quantile_table() -> NDArray[np.uint16]:
    rng = numpy_rng(TABLE_SEED)
    table = rng.integers(0, QUANTILES, noise.TABLE_SIZE, dtype=np.uint16)
    table.setflags(write=False)
    return table


def table_shot(pixels: Pixels, photons: float, seed: int) -> Pixels:
    """Shot noise whose quantiles come out of a table, each row from its own offset."""
    if not noise.fits(pixels):
        return exact_shot(pixels, photons, seed)
    (rows,) = noise.rows_of((_quantile_table(),), pixels, seed)
    quantiles = rows.astype(np.int32).reshape(pixels.shape)
    addresses = pixels.astype(np.int32) * QUANTILES + quantiles
    return np.asarray(shot_table(photons)[addresses], np.uint8)


def exact_shot(pixels: Pixels, photons: float, seed: int) -> Pixels:
    """Shot noise whose photons are drawn for every value."""
    rng = numpy_rng(seed)
    return _as_bytes(rng.poisson(pixels * (photons / 255)), photons)


def _as_bytes(counts: NDArray[np.int64], photons: float) -> Pixels:
    return np.asarray(np.clip(np.rint(counts * (255 / photons)), 0, 255), np.uint8)
