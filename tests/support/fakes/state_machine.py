"""Executions in memory: all run but those that the test ends; a wait ends with the test's `waiting` or its wake-up."""

from __future__ import annotations

from domain.workflow.states import LabelingProgress


class MemoryExecutions:
    def __init__(self) -> None:
        self.ended: set[str] = set()
        self.waiting: set[str] = set()
        self.told: list[LabelingProgress] = []

    def runs(self, name: str) -> bool:
        return name not in self.ended

    def wake(self, token: str, progress: LabelingProgress) -> bool:
        waited = token in self.waiting
        self.waiting.discard(token)
        if waited:
            self.told.append(progress)
        return waited
