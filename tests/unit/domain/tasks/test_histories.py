"""Whole jobs, with people who are slow, skip, change their minds and press twice, over a network that loses things.

Held: an answer that a worker was told is taken is in the end there, once, as the worker gave it last; an object never
has more answers than it needs, and in the end exactly so many; and the job ends.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field

import pytest

from domain.errors import ServiceUnavailable
from domain.tasks import jobs
from domain.tasks.model import Assignment, Worker
from domain.tasks.pool import TaskPool
from domain.tasks.trying import TaskGone
from tests.support.builders.tasks import Clock, answer_of, any_job, any_worker, pool_over
from tests.support.fakes.memory_tasks import MemoryTaskStore

HISTORIES, PIECES = 2_000, 8


@dataclass
class Person:
    """Who works, and what she knows: `told` are the answers that she was told are taken, by object."""

    worker: Worker
    pool: TaskPool
    job: str
    chance: random.Random
    told: dict[int, str] = field(default_factory=dict)
    unsure: set[int] = field(default_factory=set)
    task: Assignment | None = None

    def step(self, clock: Clock, seconds: int) -> None:
        try:
            self._step(clock, seconds)
        except ServiceUnavailable:
            pass  # the page says so, and the next step is another try
        except TaskGone:
            self.task = None

    def _step(self, clock: Clock, seconds: int) -> None:
        if self.task is None:
            self.task = self.pool.take(self.job, self.worker)
            return
        deed = self.chance.random()
        if deed < 0.05:
            clock.wait(seconds * self.chance.choice([0.5, 1.1]))
        elif deed < 0.15:
            self._give_back(self.pool.skip)
        elif deed < 0.18:
            self._give_back(self.pool.decline)
        elif deed < 0.26:
            self._undo()
        else:
            self._submit()

    def _submit(self) -> None:
        task, label = self.task, self.chance.choice(["open", "shut"])
        answer = answer_of(label)
        self.unsure.add(task.number)
        for _ in range(self.chance.choice([1, 1, 2])):
            self.pool.submit(self.job, task.task, self.worker, answer)
            self.told[task.number] = label
        self.unsure.discard(task.number)
        self.task = None

    def _give_back(self, give: object) -> None:
        task = self.task
        self.unsure.add(task.number)
        give(self.job, task.task, self.worker)
        self.told.pop(task.number, None)
        self.unsure.discard(task.number)
        self.task = None

    def _undo(self) -> None:
        self.task = None
        self.task = self.pool.undo(self.job, self.worker)


def play(seed: int, faults: float, stop: bool) -> None:
    chance = random.Random(seed)
    store = MemoryTaskStore(chance=random.Random(seed + 1), faults=faults, late=0.05)
    needed = chance.randint(1, 3)
    job = any_job(objects=chance.randint(1, 6), needed=needed, seconds=30)
    pool, clock = pool_over(store, job, seed=seed)
    people = [Person(any_worker(f"w{n}"), pool, job.name, chance) for n in range(needed + chance.randint(2, 4))]
    end = chance.randint(5, 60) if stop else None
    for turn in range(6_000):
        if turn == end:
            jobs.stop(store, job.name, clock.now)
        clock.wait(chance.random() * 3)
        chance.choice(people).step(clock, job.seconds)
        if jobs.settle(store, job.name, clock.now).ended is not None:
            break
        _never_too_many(store, job.name, needed)
    _check(store, job.name, people, needed)


def _never_too_many(store: MemoryTaskStore, job: str, needed: int) -> None:
    assert all(len(item.answers) <= needed for key, item in store.items.items() if key[0] == job)


def _check(store: MemoryTaskStore, name: str, people: list[Person], needed: int) -> None:
    job = store.job(name)
    items = list(store.objects(job))
    assert job.ended is not None
    _never_too_many(store, name, needed)
    for person in people:
        for number, label in person.told.items():
            if number not in person.unsure:
                assert items[number].answers[person.worker.worker_id].content == answer_of(label)
    assert sum(gate.votes for gate in store.gates(name)) == sum(len(item.answers) for item in items)
    assert sum(gate.finished for gate in store.gates(name)) == sum(item.complete for item in items)
    if job.status == "Completed":
        declined_by_all = [item for item in items if len(people) - len(item.declined) < needed]
        assert all(len(item.answers) == needed for item in items) or declined_by_all


@pytest.mark.parametrize("piece", range(PIECES))
def test_no_answer_is_lost_or_doubled(piece: int):
    for number in range(HISTORIES // PIECES):
        seed = piece * HISTORIES + number
        play(seed, faults=0.1 if number % 2 else 0.0, stop=number % 3 == 0)
