"""The portal's task store in memory, with the faults that a network has."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from domain.errors import ServiceUnavailable
from domain.tasks.model import GATES, Changes, Gate, Job, TaskObject, WorkerState, opening
from domain.tasks.store import Conflict, GateClosed


@dataclass
class MemoryTaskStore:
    """Fulfils `domain.tasks.store.TaskStore`.

    `faults`: of each write, this share is refused before it is done, and as large a share is done but its answer lost.
    `late`: the share of looks at the index that show what it was some changes ago.
    """

    chance: random.Random = field(default_factory=lambda: random.Random(0))
    faults: float = 0.0
    late: float = 0.0
    kept: dict[str, Job] = field(default_factory=dict)
    items: dict[tuple[str, int], TaskObject] = field(default_factory=dict)
    states: dict[tuple[str, str], WorkerState] = field(default_factory=dict)
    gate: dict[tuple[str, int], Gate] = field(default_factory=dict)
    index: dict[tuple[str, int | str], dict[int, float]] = field(default_factory=lambda: defaultdict(dict))
    place: dict[tuple[str, int], tuple[int | str, float]] = field(default_factory=dict)
    calls: int = 0

    def add_job(self, job: Job) -> bool:
        return self.kept.setdefault(job.name, job) is job

    def add_objects(self, job: Job, objects: Iterable[TaskObject]) -> None:
        for number in range(GATES):
            self.gate.setdefault((job.name, number), Gate(number, True, 0, 0))
        for item in objects:
            if (job.name, item.number) not in self.items:
                self._keep(item, 0)

    def job(self, name: str) -> Job | None:
        return self.kept.get(name)

    def jobs(self) -> list[Job]:
        return list(self.kept.values())

    def save_job(self, job: Job) -> Job:
        if self.kept[job.name].version != job.version:
            raise Conflict
        self.kept[job.name] = job.model_copy(update={"version": job.version + 1})
        return self.kept[job.name]

    def look(
        self, job: str, worker: str, number: int | None = None
    ) -> tuple[Job | None, WorkerState | None, TaskObject | None]:
        self.calls += 1
        item = None if number is None else self.items.get((job, number))
        return self.kept.get(job), self.states.get((job, worker)), item

    def find(self, job: str, number: int) -> TaskObject | None:
        self.calls += 1
        return self.items.get((job, number))

    def objects(self, job: Job) -> Iterator[TaskObject]:
        return (item for key, item in sorted(self.items.items()) if key[0] == job.name)

    def workers(self, job: str) -> list[WorkerState]:
        return [state for key, state in sorted(self.states.items()) if key[0] == job]

    def open_in(
        self, job: str, place: int | str, until: float | None = None, page: int | None = None
    ) -> Iterator[TaskObject]:
        self.calls += 1
        entries = sorted(self.index[job, place].items(), key=lambda entry: entry[1])
        found = [self.items[job, number] for number, at in entries if until is None or at <= until]
        if self.chance.random() < self.late:
            found = [item for item in found if self.chance.random() < 0.5]
        return iter(found)

    def count_open(self, job: str, place: int | str) -> int:
        return len(self.index[job, place])

    def write(self, changes: Changes, now: float) -> None:
        self.calls += 1
        fault = self.chance.random()
        if fault < self.faults:
            raise ServiceUnavailable("it was not done")
        self._check(changes)
        for item in changes.objects:
            self._keep(item.model_copy(update={"version": item.version + 1}), now)
        if changes.worker:
            state = changes.worker.model_copy(update={"version": changes.worker.version + 1})
            self.states[changes.job, state.worker] = state
        if changes.gate is not None:
            gate = self.gate[changes.job, changes.gate]
            self.gate[changes.job, changes.gate] = Gate(
                gate.number, True, gate.finished + changes.finished, gate.votes + changes.votes
            )
        if fault < 2 * self.faults:
            raise ServiceUnavailable("it was done, and nobody learns it")

    def _check(self, changes: Changes) -> None:
        for item in changes.objects:
            if self.items[changes.job, item.number].version != item.version:
                raise Conflict
        if changes.worker:
            state = self.states.get((changes.job, changes.worker.worker))
            if (state.version if state else 0) != changes.worker.version:
                raise Conflict
        if changes.gate is not None and not self.gate[changes.job, changes.gate].open:
            raise GateClosed

    def _keep(self, item: TaskObject, now: float) -> None:
        key = (item.job, item.number)
        self.items[key] = item
        if key in self.place:
            self.index[item.job, self.place.pop(key)[0]].pop(item.number)
        opened = opening(item, now)
        if opened is not None:
            self.place[key] = opened
            self.index[item.job, opened[0]][item.number] = opened[1]

    def gates(self, job: str) -> list[Gate]:
        return [gate for key, gate in self.gate.items() if key[0] == job]

    def close_gates(self, job: str) -> None:
        for key, gate in self.gate.items():
            if key[0] == job:
                self.gate[key] = Gate(gate.number, False, gate.finished, gate.votes)
