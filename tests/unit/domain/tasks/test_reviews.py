"""What a reviewer may expect of the queue, whoever else reviews."""

from __future__ import annotations

import random
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import pytest

from domain.errors import ServiceUnavailable
from domain.tasks import jobs
from domain.tasks.again import Plan, open_again
from domain.tasks.model import Job, Worker
from domain.tasks.overview import by_object, by_worker, overview
from domain.tasks.parts import Review
from domain.tasks.pool import TaskPool
from domain.tasks.reviews import ReviewQueue
from domain.tasks.trying import TaskGone
from tests.support.builders.tasks import Clock, answer_of, any_job, any_worker, pool_over
from tests.support.fakes.memory_tasks import MemoryTaskStore

ADA, BOB, EVE = any_worker("ada"), any_worker("bob"), any_worker("eve")
OPEN, SHUT = answer_of("open"), answer_of("shut")


def as_it_came(_job: Any, _item: Any, content: Any) -> Any:
    return content


class World:
    """A job of one answer an object, all of which wait for a reviewer: the higher its number, the less sure it is."""

    def __init__(self, objects: int = 3, **store: Any) -> None:
        self.store = MemoryTaskStore()
        self.job: Job = any_job(objects=objects, ask_again_below=0.9, most_workers=1)
        self.pool: TaskPool
        self.clock: Clock
        self.pool, self.clock = pool_over(self.store, self.job)
        while task := self.pool.take(self.job.name, EVE):
            self.pool.submit(self.job.name, task.task, EVE, OPEN)
        assert self.now.status == "Answered"
        items = list(self.store.objects(self.job))
        reviews = {item.source_ref: Review(guess="open", confidence=0.5 - item.number / 10) for item in items}
        open_again(self.store, self.now, Plan((), reviews, dict.fromkeys(reviews, 1)), self.clock.now)
        for name, value in store.items():
            setattr(self.store, name, value)
        self.queue = ReviewQueue(self.store, self.clock, self.clock.wait, lambda _name: self.settle())

    def settle(self) -> Job:
        """As the run does when all is in: it looks again, and finds nothing more to ask."""
        found = jobs.settle(self.store, self.job.name, self.clock.now)
        if found is not None and found.status == "Answered":
            return open_again(self.store, found, Plan(), self.clock.now)
        return found

    @property
    def now(self) -> Job:
        found = self.store.job(self.job.name)
        assert found is not None
        return found

    def take(self, who: Worker) -> Any:
        return self.queue.take(self.job.name, who)

    def decide(self, who: Worker, task: Any, content: Any = SHUT, comment: str = "") -> None:
        self.queue.decide(self.job.name, task.task, who, content, comment, as_it_came)

    def decisions(self) -> list[Any]:
        reviews = [item.review for item in self.store.objects(self.job)]
        return [review.decision.content if review and review.decision else "waits" for review in reviews]


def test_the_least_sure_comes_first_and_nobody_else_gets_it():
    world = World()
    first, second = world.take(ADA), world.take(BOB)
    assert (first.item.number, second.item.number) == (2, 1)
    assert world.take(ADA).task == first.task == world.queue.current(world.job.name, ADA).task
    assert world.queue.waiting(world.job.name) == 3


def test_the_last_decision_ends_the_job_and_the_votes_stay():
    world = World()
    while task := world.take(ADA):
        world.decide(ADA, task, None, "it is a car")
    assert world.now.status == "Completed"
    assert world.decisions() == [None] * 3
    items = list(world.store.objects(world.job))
    assert [item.answers[EVE.worker_id].content for item in items] == [OPEN] * 3
    assert {item.review.decision.comment for item in items} == {"it is a car"}
    assert sum(gate.votes for gate in world.store.gates(world.job.name)) == 3


def test_a_decision_sent_twice_counts_once_and_another_one_replaces_it():
    world = World()
    task = world.take(ADA)
    for content in (SHUT, SHUT, OPEN):
        world.decide(ADA, task, content)
    assert world.decisions() == ["waits", "waits", OPEN]
    assert by_worker(world.store, world.job)[-1]["reviewed"] == 1
    assert overview(world.store, world.now)["to_review"] == 2
    assert by_object(world.store, world.job, 0, 9)[-1]["review"] == "decided"


def test_undo_brings_the_decision_back_and_it_holds_meanwhile():
    world = World()
    first = world.take(ADA)
    world.decide(ADA, first, SHUT, "sure")
    other = world.take(ADA)
    again = world.queue.undo(world.job.name, ADA)
    assert (again.item.number, again.earlier.content, again.earlier.comment) == (first.item.number, SHUT, "sure")
    assert world.take(BOB).task != other.task  # what she had in hand went back
    world.clock.wait(world.job.seconds + 1)
    while task := world.take(BOB):
        world.decide(BOB, task, OPEN)
    assert world.decisions() == [OPEN, OPEN, SHUT]
    assert world.now.status == "Completed"


def test_nobody_takes_back_what_another_one_decided():
    world = World()
    world.decide(ADA, world.take(ADA))
    assert world.queue.undo(world.job.name, BOB) is None
    assert world.queue.undo(world.job.name, EVE) is None


def test_when_the_job_is_over_it_is_too_late():
    world = World(objects=2)
    first, second = world.take(ADA), world.take(BOB)
    world.decide(ADA, first)
    jobs.stop(world.store, world.job.name, world.clock.now)
    world.clock.wait(jobs.GRACE_SECONDS + 1)
    assert jobs.settle(world.store, world.job.name, world.clock.now).status == "Stopped"
    with pytest.raises(TaskGone, match="ended"):
        world.decide(BOB, second)
    assert world.queue.undo(world.job.name, ADA) is None
    assert world.decisions() == ["waits", SHUT]


def test_whose_time_is_over_loses_it_to_another_reviewer():
    world = World(objects=1)
    late = world.take(ADA)
    assert world.take(BOB) is None
    world.clock.wait(world.job.seconds + 1)
    mine = world.take(BOB)
    with pytest.raises(TaskGone, match="no longer yours"):
        world.decide(ADA, late)
    world.decide(BOB, mine, OPEN)
    assert world.decisions() == [OPEN]


def test_a_late_decision_counts_where_nobody_else_has_it():
    world = World(objects=1)
    task = world.take(ADA)
    world.clock.wait(world.job.seconds * 3)
    world.decide(ADA, task)
    assert world.decisions() == [SHUT]


def test_what_is_skipped_comes_back_when_nothing_else_is_left():
    world = World(objects=2)
    first = world.take(ADA)
    for _ in range(2):  # the answer to the first was lost
        world.queue.skip(world.job.name, first.task, ADA)
    other = world.take(ADA)
    assert other.item.number != first.item.number
    world.decide(ADA, other)
    last = world.take(ADA)
    assert (last.item.number, last.lease.again) == (first.item.number, True)


def test_a_worker_cannot_take_back_an_answer_that_is_under_review():
    world = World()
    assert world.pool.undo(world.job.name, EVE) is None


def test_an_answer_under_review_is_not_replaced_by_a_second_one_for_the_same_task():
    world = World(objects=1)
    task = world.store.find(world.job.name, 0).answers[EVE.worker_id].task
    world.pool.submit(world.job.name, task, EVE, SHUT)
    assert world.store.find(world.job.name, 0).answers[EVE.worker_id].content == OPEN


def test_a_paused_job_gives_out_no_reviews():
    world = World()
    task = world.take(ADA)
    jobs.pause(world.store, world.job.name)
    assert world.take(BOB) is None
    assert world.take(ADA).task == task.task


def test_a_stopped_job_takes_the_decision_of_who_has_it_in_hand_for_a_minute():
    world = World()
    task = world.take(ADA)
    jobs.stop(world.store, world.job.name, world.clock.now)
    world.clock.wait(jobs.GRACE_SECONDS / 2)
    assert world.settle().status == "Stopping"
    world.decide(ADA, task)
    assert world.settle().status == "Stopped"
    assert world.decisions() == ["waits", "waits", SHUT]


def test_a_decision_that_is_taken_back_holds_though_nobody_opens_the_queue_again():
    world = World(objects=2)
    world.decide(ADA, world.take(ADA))
    assert world.queue.undo(world.job.name, ADA) is not None
    world.decide(BOB, world.take(BOB), OPEN)
    assert world.settle().status == "InProgress"
    world.clock.wait(world.job.seconds + 1)
    assert world.settle().status == "Completed"
    assert world.decisions() == [OPEN, SHUT]


def test_whose_time_to_think_over_is_up_gets_another_one_and_the_decision_holds():
    world = World(objects=3)
    first = world.take(ADA)
    world.queue.skip(world.job.name, first.task, ADA)
    world.decide(ADA, world.take(ADA))
    world.queue.undo(world.job.name, ADA)
    world.clock.wait(world.job.seconds + 1)
    assert world.take(any_worker("ada", "s2")).item.number == first.item.number  # which comes before the other one
    assert sum(gate.finished for gate in world.store.gates(world.job.name)) == 1


@dataclass
class Reviewer:
    """Who reviews, and what she knows: `told` are the decisions that somebody was told are taken, by object."""

    who: Worker
    world: World
    chance: random.Random
    told: dict[int, tuple[str, Any]]
    unsure: set[int]
    task: Any = None

    def step(self) -> None:
        try:
            if self.task is None:
                self.task = self.world.take(self.who)
            elif self.chance.random() < 0.15:
                self.task = None
                self.task = self.world.queue.undo(self.world.job.name, self.who)
            elif self.chance.random() < 0.15:
                self._skip(self.task)
            else:
                self._decide(self.task)
        except ServiceUnavailable:
            pass  # the page says so, and the next step is another try
        except TaskGone:
            self.task = None

    def _skip(self, task: Any) -> None:
        self.unsure.add(task.item.number)
        self.world.queue.skip(self.world.job.name, task.task, self.who)
        self.told.pop(task.item.number, None)
        self.unsure.discard(task.item.number)
        self.task = None

    def _decide(self, task: Any) -> None:
        content = self.chance.choice([OPEN, SHUT, None])
        self.unsure.add(task.item.number)
        for _ in range(self.chance.choice([1, 2])):
            self.world.decide(self.who, task, content)
        self.told[task.item.number] = (self.who.worker_id, content)
        self.unsure.discard(task.item.number)
        self.task = None


@pytest.mark.parametrize("seed", range(60))
def test_no_decision_is_lost_or_doubled_over_a_network_that_loses_things(seed: int):
    chance = random.Random(seed)
    world = World(objects=chance.randint(1, 6), faults=0.1, late=0.05, chance=random.Random(seed + 1))
    told, unsure = dict[int, tuple[str, Any]](), set[int]()
    people = [Reviewer(who, world, chance, told, unsure) for who in (ADA, BOB)]
    for _ in range(2_000):
        world.clock.wait(chance.random() * chance.choice([1, 1, 300]))
        chance.choice(people).step()
        with suppress(ServiceUnavailable):
            if world.settle().ended is not None:
                break
    assert world.now.status == "Completed"
    items = list(world.store.objects(world.job))
    for number in set(told) - unsure:
        decision = items[number].review.decision
        assert (decision.reviewer, decision.content) == told[number]
    assert all(item.complete for item in items)
    assert sum(gate.finished for gate in world.store.gates(world.job.name)) == len(items)
