"""The lighter a value, the more noise."""

from __future__ import annotations

import numpy as np
import pytest

from tests.support.builders.steps import applied, drawn

# ImageNet-C, Hendrycks and Dietterich 2019.
SIGMAS = {1: 0.15, 2: 0.2, 3: 0.35, 4: 0.45, 5: 0.6}


@pytest.mark.parametrize("severity", SIGMAS)
def test_severity_says_how_strong(severity: int) -> None:
    assert drawn("speckle_noise", severity=severity)["sigma"] == SIGMAS[severity]


@pytest.mark.parametrize("exact", [False, True])
@pytest.mark.parametrize("value", [0, 50, 100])
def test_the_deviation_is_a_share_of_the_value(value: int, exact: bool) -> None:
    gray = np.full((200, 200, 4), value, np.uint8)
    found = applied("speckle_noise", gray, severity=2, exact=exact).astype(float)
    assert found.mean() == pytest.approx(value, rel=0.01)
    assert found.std() == pytest.approx(0.2 * value, rel=0.02)


def test_values_stop_at_black_and_white() -> None:
    found = applied("speckle_noise", np.full((200, 200, 4), 240, np.uint8), severity=5)
    # 1 + 0.6 n: 46 % of the factors drive 240 to white, 4.8 % drive it to black.
    assert (found == 255).mean() == pytest.approx(0.46, abs=0.02)
    assert (found == 0).mean() == pytest.approx(0.048, abs=0.005)
