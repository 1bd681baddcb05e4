"""Noise out of tables against noise that is drawn: the same moments, a flat spectrum, and nothing that repeats."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from augmentation.image.kernels import noise, poisson

Kernel = Callable[[np.ndarray, float, int], np.ndarray]
# table, exact, parameter: none so strong that values are cut off at 0 or 255, which would hide the tails.
PAIRS = {
    "gaussian": (noise.table_noise, noise.exact_noise, 20.4),
    "shot": (poisson.table_shot, poisson.exact_shot, 60),
    "speckle": (noise.table_speckle, noise.exact_speckle, 0.15),
}
every_pair = pytest.mark.parametrize("kind", PAIRS)


def added(kernel: Kernel, parameter: float, height: int = 512, width: int = 512, value: int = 110) -> np.ndarray:
    gray = np.full((height, width, 4), value, np.uint8)
    return kernel(gray, parameter, 5)[..., :3].astype(float) - value


def moments(values: np.ndarray) -> np.ndarray:
    """Mean, standard deviation, skew and kurtosis."""
    centered = (values - values.mean()) / values.std()
    return np.array([values.mean(), values.std(), (centered**3).mean(), (centered**4).mean()])


def autocorrelation(plane: np.ndarray) -> np.ndarray:
    """How alike the plane is to itself at each shift down and across; 1 at no shift."""
    centered = plane - plane.mean()
    found = np.fft.ifft2(np.abs(np.fft.fft2(centered)) ** 2).real
    return found / found[0, 0]


@every_pair
@pytest.mark.parametrize("value", [40, 110, 150])
def test_moments_are_those_of_drawn_noise(kind: str, value: int) -> None:
    table, exact, parameter = PAIRS[kind]
    found, expected = (moments(added(kernel, parameter, value=value)) for kernel in (table, exact))
    # Four times the errors of 786,432 draws, and as many again for the reuse of a table of 2^20.
    assert found[0] == pytest.approx(expected[0], abs=0.012 * expected[1])
    assert found[1] == pytest.approx(expected[1], rel=0.008)
    assert found[2] == pytest.approx(expected[2], abs=0.03)
    assert found[3] == pytest.approx(expected[3], abs=0.08)


@every_pair
def test_the_spectrum_is_flat(kind: str) -> None:
    table, _, parameter = PAIRS[kind]
    plane = added(table, parameter)[..., 0]
    power = np.abs(np.fft.fft2(plane - plane.mean())) ** 2
    rings = np.hypot(*np.meshgrid(np.fft.fftfreq(512), np.fft.fftfreq(512)))
    for low, high in ((0.01, 0.05), (0.05, 0.1), (0.1, 0.2), (0.2, 0.3), (0.3, 0.5)):
        ring = power[(rings >= low) & (rings < high)]
        assert ring.mean() / power.mean() == pytest.approx(1, abs=6 / len(ring) ** 0.5)
    # The largest of 131,072 exponentials stays below 25 times their mean.
    assert power.max() < 25 * power.mean()


@every_pair
@pytest.mark.parametrize("size", [(224, 224), (512, 511), (512, 512), (700, 1500)], ids=str)
def test_no_shift_makes_the_noise_look_like_itself(kind: str, size: tuple[int, int]) -> None:
    """700 x 1500 pixels of four channels use each value of the table four times."""
    table, _, parameter = PAIRS[kind]
    alike = autocorrelation(added(table, parameter, *size)[..., 1])
    alike[0, 0] = 0
    # White noise: a standard deviation of 1 / sqrt(pixels). No single pair of rows may stand out, let alone a tile.
    assert np.abs(alike).max() < 8 / (size[0] * size[1]) ** 0.5


@every_pair
def test_channels_do_not_follow_one_another(kind: str) -> None:
    table, _, parameter = PAIRS[kind]
    similar = np.corrcoef(added(table, parameter).reshape(-1, 3).T)
    assert np.abs(similar - np.eye(3)).max() < 0.012


@every_pair
def test_seeds_decide_alone(kind: str) -> None:
    for kernel in PAIRS[kind][:2]:
        gray = np.full((40, 30, 4), 99, np.uint8)
        first, again, other = (kernel(gray, PAIRS[kind][2], seed) for seed in (1, 1, 2))
        assert np.array_equal(first, again)
        assert not np.array_equal(first, other)


@every_pair
def test_an_image_too_wide_for_the_table_is_drawn(kind: str) -> None:
    table, exact, parameter = PAIRS[kind]
    wide = np.full((1, noise.TABLE_SIZE // 4, 4), 128, np.uint8)
    assert np.array_equal(table(wide, parameter, 1), exact(wide, parameter, 1))
