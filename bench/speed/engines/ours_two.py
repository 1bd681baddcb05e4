"""The project's own engine with two processes."""

from __future__ import annotations

from bench.speed.engines import ours


class Engine(ours.Engine):
    """As `ours`."""

    processes = 2
