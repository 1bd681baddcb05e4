"""A small classifier without downloads: histograms of oriented gradients, and a logistic regression."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
SIDE, CELL, BINS = 64, 8, 9
"""Dalal & Triggs, CVPR 2005: cells of 8 x 8 pixels, 9 unsigned directions, blocks of 2 x 2 cells."""
ROUNDS = 300


def features(path: Path) -> Floats:
    """1,764 numbers of the image in gray at 64 x 64 pixels: 7 x 7 blocks of 2 x 2 cells of 9 directions."""
    gray = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)
    if gray is None:
        raise OSError(f"{path}: OpenCV cannot read this image")
    small = cv2.resize(gray, (SIDE, SIDE), interpolation=cv2.INTER_AREA).astype(np.float64) / 255
    down, across = np.gradient(np.sqrt(small))
    strength = np.hypot(across, down)
    place = np.mod(np.arctan2(down, across), np.pi) / np.pi * BINS - 0.5
    low = np.floor(place)
    share = place - low
    cells = np.zeros((SIDE // CELL, SIDE // CELL, BINS))
    rows, columns = np.mgrid[0:SIDE, 0:SIDE] // CELL
    np.add.at(cells, (rows, columns, low.astype(int) % BINS), strength * (1 - share))
    np.add.at(cells, (rows, columns, (low.astype(int) + 1) % BINS), strength * share)
    blocks = np.concatenate([cells[:-1, :-1], cells[:-1, 1:], cells[1:, :-1], cells[1:, 1:]], axis=2)
    clipped = np.minimum(blocks / np.sqrt((blocks**2).sum(axis=2, keepdims=True) + 1e-4), 0.2)
    return np.asarray(clipped / np.sqrt((clipped**2).sum(axis=2, keepdims=True) + 1e-4)).ravel()


class Logistic:
    """L2-regularized logistic regression, fitted by accelerated gradient descent; the offset is not regularized."""

    def __init__(self, strength: float, *, balanced: bool) -> None:
        self._strength = strength
        self._balanced = balanced
        self._weights: Floats = np.zeros(0)
        self._offset = 0.0

    def fit(self, x: Floats, y: NDArray[np.bool_]) -> Logistic:
        """`x` is n x d, `y` is n; with `balanced`, each class weighs the same in all."""
        weight = np.where(y, 0.5 / y.mean(), 0.5 / (1 - y.mean())) if self._balanced else np.ones(len(y))
        weight = weight / weight.sum()
        one = np.hstack([x, np.ones((len(x), 1))])
        decay = np.append(np.full(x.shape[1], self._strength), 0.0)
        # A bound of the second derivative: a quarter of the largest eigenvalue of X'WX, plus the decay.
        step = 1 / (0.25 * np.linalg.norm(one * np.sqrt(weight)[:, None], 2) ** 2 + self._strength)
        theta = ahead = np.zeros(one.shape[1])
        for number in range(ROUNDS):
            odds = 1 / (1 + np.exp(-np.clip(one @ ahead, -50, 50)))
            moved = ahead - step * (one.T @ (weight * (odds - y)) + decay * ahead)
            ahead = moved + number / (number + 3) * (moved - theta)
            theta = moved
        self._weights, self._offset = theta[:-1], float(theta[-1])
        return self

    def predict(self, x: Floats) -> NDArray[np.bool_]:
        return np.asarray(x @ self._weights + self._offset > 0)
