"""Executions in memory: all run but those that the test ends."""

from __future__ import annotations


class MemoryExecutions:
    def __init__(self) -> None:
        self.ended: set[str] = set()

    def runs(self, name: str) -> bool:
        return name not in self.ended
