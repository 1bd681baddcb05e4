"""Levels: root mean squares, gain, and the sum of two sounds at a signal-to-noise ratio."""

from __future__ import annotations

from math import sqrt

import cv2
import numpy as np

from augmentation.audio.clip import Samples

# Steps of 16 bits. Rounding adds 1/12 to a noise's power, and takes away all that is below half a step.
FAINT = 4.0


def rms(samples: Samples) -> float:
    """Root mean square over all frames and channels; 0 of silence."""
    return float(cv2.norm(samples, cv2.NORM_L2) / sqrt(samples.size))


def amplify(samples: Samples, factor: float) -> Samples:
    """Rounded, and clipped at 16 bits."""
    return np.asarray(cv2.addWeighted(samples, factor, samples, 0, 0), np.int16).reshape(samples.shape)


def mix(samples: Samples, noise: Samples, snr_db: float) -> Samples:
    """The sum, with the noise `snr_db` decibels below: 20 * log10(rms of the sound / rms of the noise).

    Silence has no level to speak of, so then nothing is added.
    """
    loud, soft = rms(samples), rms(noise)
    if not loud or not soft:
        return samples
    target = loud / 10 ** (snr_db / 20)
    factor = target / soft if target > FAINT else _factor(noise, target)
    return np.asarray(cv2.addWeighted(samples, 1, noise, factor, 0), np.int16).reshape(samples.shape)


def _factor(noise: Samples, target: float) -> float:
    """By which noise has the level `target` once it is rounded, as near as whole numbers come to it, by halving."""
    low, high = 0.0, (target + 1) / rms(noise) * 8
    for _ in range(24):
        middle = (low + high) / 2
        rounded = np.rint(noise * middle)
        low, high = (middle, high) if np.square(rounded).mean() < target**2 else (low, middle)
    return high


def decibels(factor_db: float) -> float:
    """The factor of amplitudes that so many decibels are."""
    return float(10 ** (factor_db / 20))


def mean_of_channels(samples: Samples) -> Samples:
    """Frames x 1, rounded."""
    if samples.shape[1] == 1:
        return samples
    return np.asarray(np.rint(samples.mean(axis=1, keepdims=True)), np.int16)
