"""Histories of a run that people label for, overlapping ticks, and all that goes wrong: what must hold, holds."""

from __future__ import annotations

import os

import pytest

from tests.workflows.simulated.histories import complaints, play
from tests.workflows.simulated.queries import AVAILABLE

pytestmark = pytest.mark.skipif(not AVAILABLE, reason="the local cloud's environment is missing: make setup")

HISTORIES = int(os.environ.get("FAULTS", "0")) or 50
"""`make test-faults` plays 2,000."""


def test_no_history_publishes_twice_loses_a_window_or_a_label_or_leaves_something_running() -> None:
    found = {seed: said for seed in range(HISTORIES) if (said := complaints(play(seed)))}
    assert found == {}


def test_the_same_seed_is_the_same_history() -> None:
    one, two = play(3), play(3)
    assert (one.account.now, one.account.invoked) == (two.account.now, two.account.invoked)
    assert one.account.faults.seen == two.account.faults.seen
