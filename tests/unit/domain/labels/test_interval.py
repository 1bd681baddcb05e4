"""Wilson's interval of a share."""

from __future__ import annotations

import pytest
from scipy.stats import binomtest

from domain.labels.interval import wilson


@pytest.mark.parametrize(("right", "of"), [(0, 10), (7, 10), (10, 10), (81, 263), (999, 1_000)])
def test_it_is_scipys(right: int, of: int) -> None:
    theirs = binomtest(right, of).proportion_ci(0.95, method="wilson")
    assert wilson(right, of) == pytest.approx((theirs.low, theirs.high), abs=1e-6)


def test_of_nothing_it_is_all_that_a_share_can_be_and_more_than_all_is_none() -> None:
    assert wilson(0, 0) == (0.0, 1.0)
    with pytest.raises(ValueError, match="3 of 2 is no share"):
        wilson(3, 2)
