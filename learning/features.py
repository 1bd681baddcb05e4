"""Embeddings made ready for a probe: before any answer is known, so it is done once a data set."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.utils.extmath import randomized_svd

from domain.errors import InvalidInput
from learning.neighbors import nearest

Floats = NDArray[np.float64]

DIMENSIONS = 256
NEIGHBORS, NEIGHBOR_SHARE = 8, 0.4


def prepare_features(vectors: NDArray[Any], dimensions: int = DIMENSIONS) -> Floats:
    """n x d vectors become n x `dimensions` features, or as many as there can be; their mean square length is 1.

    Three steps: signed square roots (power normalization: Perronnin, Sánchez and Mensink, "Improving the Fisher
    kernel", ECCV 2010); principal components; and a share of the mean of the nearest neighbors by cosine, which spreads
    over the unlabeled what few labels say (the low-pass filter of Wu et al., "Simplifying graph convolutional
    networks", 2019). Comparing all with all takes time that grows with n².

    Raises:
        InvalidInput: no table of finite numbers.
    """
    rows = np.asarray(vectors, np.float64)
    if rows.ndim != 2 or not np.isfinite(rows).all():
        raise InvalidInput(f"embeddings of the shape {rows.shape}: they must be n x d finite numbers")
    if len(rows) == 0:
        return rows
    reduced = _principal(_unit(np.sign(rows) * np.sqrt(np.abs(rows))), dimensions)
    spread = reduced if len(rows) <= NEIGHBORS else _with_neighbors(reduced)
    scale = np.sqrt(np.mean(np.sum(spread**2, axis=1)))
    return np.asarray(spread / max(scale, 1e-12))


def _unit(rows: Floats) -> Floats:
    return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12))


def _principal(rows: Floats, dimensions: int) -> Floats:
    """By a randomized decomposition (Halko, Martinsson and Tropp, 2011), which takes no time that grows with d²."""
    centered = rows - rows.mean(axis=0)
    found, lengths, _ = randomized_svd(centered, min(dimensions, *rows.shape), n_iter=4, random_state=0)
    kept = max(1, int((lengths > 1e-5 * max(lengths[0], 1e-12)).sum()))
    return np.asarray(found[:, :kept] * lengths[:kept])


def _with_neighbors(rows: Floats) -> Floats:
    places, _ = nearest(_unit(rows).astype(np.float32), NEIGHBORS)
    means = sum(rows[column] for column in places.T) / NEIGHBORS
    return np.asarray((1 - NEIGHBOR_SHARE) * rows + NEIGHBOR_SHARE * means)
