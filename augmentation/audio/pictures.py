"""A clip for the eye: its waveform above its spectrogram."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from augmentation.audio.clip import Clip
from augmentation.image.encode import encode
from augmentation.image.frame import Pixels
from augmentation.image.medium import data_uri

RANGE_DB = 80.0  # from the loudest to what is drawn as nothing
WINDOW_SECONDS = 0.032
INK, PAPER = (102, 98, 10, 255), (255, 255, 255, 255)  # blue, green, red


def picture(clip: Clip, side: int) -> str:
    """A data URI, side x side pixels. A spectrogram has 0 Hz at its bottom and half the rate at its top."""
    mono = clip.samples.astype(np.float32).mean(axis=1)
    height = side // 3
    both = np.vstack([waveform(mono, side, height), spectrogram(mono, clip.rate, side, side - height)])
    return data_uri(encode(both, "jpeg", 85), "image/jpeg")


def waveform(mono: NDArray[np.float32], width: int, height: int) -> Pixels:
    """Lowest and highest value in each column, full scale from edge to edge."""
    edges = np.linspace(0, len(mono), width, endpoint=False).astype(int)
    middle = (height - 1) / 2
    lows = np.rint(middle - np.minimum.reduceat(mono, edges) / 32768 * middle).astype(int)
    highs = np.rint(middle - np.maximum.reduceat(mono, edges) / 32768 * middle).astype(int)
    rows = np.arange(height)[:, None]
    inked = (rows >= highs[None, :]) & (rows <= lows[None, :])
    return np.where(inked[..., None], np.array(INK, np.uint8), np.array(PAPER, np.uint8))


def spectrogram(mono: NDArray[np.float32], rate: int, width: int, height: int) -> Pixels:
    """Short-time Fourier transform in decibels below its loudest value, a column of the picture each window."""
    size = max(16, round(rate * WINDOW_SECONDS))
    padded = np.pad(mono, (0, max(0, size - len(mono))))
    starts = np.linspace(0, len(padded) - size, width).astype(int)
    pieces = np.lib.stride_tricks.sliding_window_view(padded, size)[starts] * np.hanning(size).astype(np.float32)
    power = np.abs(np.fft.rfft(pieces, axis=1)) ** 2
    level = 10 * np.log10(np.maximum(power, 1e-6) / max(float(power.max()), 1e-6))
    shade = np.clip(255 * (1 + level / RANGE_DB), 0, 255).astype(np.uint8).T[::-1]
    shade = np.asarray(cv2.resize(np.ascontiguousarray(shade), (width, height), interpolation=cv2.INTER_AREA), np.uint8)
    colors = cv2.applyColorMap(shade, cv2.COLORMAP_VIRIDIS)
    return np.asarray(cv2.cvtColor(colors, cv2.COLOR_BGR2BGRA), np.uint8)
