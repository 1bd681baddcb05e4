"""A small classifier without downloads: histograms of oriented gradients, and a logistic regression."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

Floats = NDArray[np.float64]
SIDE, CELL, BINS = 64, 8, 9
"""Dalal & Triggs, CVPR 2005: cells of 8 x 8 pixels, 9 unsigned directions, blocks of 2 x 2 cells."""


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


def logistic(x: Floats, y: NDArray[np.bool_], strength: float, *, balanced: bool) -> LogisticRegression:
    """Fitted to `x` (n x d) and `y` (n). `strength` weighs half the square of the weights against the mean loss; with
    `balanced`, each class weighs the same in all."""
    kind = "balanced" if balanced else None
    return LogisticRegression(C=1 / (strength * len(y)), class_weight=kind, max_iter=2000).fit(x, y)
