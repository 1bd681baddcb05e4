"""Light of varying density hides the contrast."""

from __future__ import annotations

import numpy as np
import pytest

from tests.support.builders.steps import applied

FOGS = (1.5, 2, 2.5, 2.5, 3)


@pytest.mark.parametrize(("severity", "density"), list(enumerate(FOGS, start=1)))
def test_contrast_sinks_as_the_density_says(severity: int, density: float) -> None:
    """(x + density * plasma) * brightest / (brightest + density): of a difference, 1 / (1 + density) is left."""
    edge = np.zeros((224, 224, 4), np.uint8)
    edge[0, 0] = 255  # the brightest value
    edge[:, 1::2] = 200
    found = applied("fog", edge, severity=severity).astype(float)
    left = np.abs(np.diff(found[1:, ::2].mean(axis=0) - found[1:, 1::2].mean(axis=0))).mean()
    difference = (found[1:, 1::2] - found[1:, ::2]).mean()
    assert difference == pytest.approx(200 / (1 + density), abs=2)
    assert left < 10


def test_fog_is_coarse_when_the_plasma_decays_fast_and_finer_at_severity_5() -> None:
    gray = np.full((224, 224, 4), 255, np.uint8)
    roughness = [
        np.abs(np.diff(found, axis=1)).mean() / found.std()
        for found in (applied("fog", gray, severity=severity)[..., 0].astype(float) for severity in (1, 5))
    ]
    assert roughness[1] > roughness[0] * 1.5


def test_a_black_image_stays_black() -> None:
    assert applied("fog", np.zeros((20, 30, 4), np.uint8), severity=5).max() == 0
