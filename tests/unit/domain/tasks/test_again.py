"""A job whose answers are in opens again for what is not sure enough, once, whatever happens on the way."""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from itertools import pairwise
from typing import Any

import pytest

from domain.errors import ServiceUnavailable
from domain.tasks import jobs
from domain.tasks.again import Plan, open_again
from domain.tasks.model import BLOCK, GATES, Changes, Job
from domain.tasks.overview import overview
from domain.tasks.parts import Review
from domain.tasks.pool import TaskPool
from tests.support.builders.tasks import Clock, answer_of, any_job, any_worker, pool_over
from tests.support.fakes.memory_tasks import MemoryTaskStore

ADA, BOB, EVE = any_worker("ada"), any_worker("bob"), any_worker("eve")


def answered(
    objects: int = 3, store: MemoryTaskStore | None = None, **fields: Any
) -> tuple[MemoryTaskStore, Job, TaskPool, Clock]:
    """A job that asks again, with Ada's answers."""
    store, job = (
        store or MemoryTaskStore(),
        any_job(objects=objects, **{"ask_again_below": 0.9, "most_workers": 3, **fields}),
    )
    pool, clock = pool_over(store, job)
    while task := pool.take(job.name, ADA):
        pool.submit(job.name, task.task, ADA, answer_of())
    return store, store.job(job.name), pool, clock


def refs(store: MemoryTaskStore, job: Job, *numbers: int) -> set[str]:
    return {item.source_ref for item in store.objects(job) if item.number in numbers}


def asking(store: MemoryTaskStore, job: Job, *numbers: int) -> Plan:
    """A plan by the answers that are there now."""
    seen = {item.source_ref: len(item.answers) for item in store.objects(job) if item.number in numbers}
    return Plan(frozenset(seen), {}, seen)


def test_a_job_that_asks_again_is_answered_first_and_then_over_if_all_is_sure():
    store, job, _, clock = answered()
    assert (job.status, job.ended) == ("Answered", None)
    assert open_again(store, job, Plan(), clock.now).status == "Completed"


def test_an_object_is_asked_of_one_more_worker_and_never_of_the_same():
    store, job, pool, clock = answered()
    opened = open_again(store, job, asking(store, job, 1), clock.now)
    assert (opened.status, opened.round, overview(store, opened)["votes_needed"]) == ("InProgress", 1, 4)
    assert pool.take(job.name, ADA) is None
    task = pool.take(job.name, BOB)
    assert task.number == 1
    assert pool.take(job.name, EVE) is None
    pool.submit(job.name, task.task, BOB, answer_of("shut"))
    assert store.job(job.name).status == "Answered"
    open_again(store, store.job(job.name), asking(store, job, 1), clock.now)
    assert pool.take(job.name, EVE).number == 1


def test_whoever_had_nothing_left_finds_it_at_once_however_many_blocks_there_are():
    store, job, pool, clock = answered(objects=3 * BLOCK)
    assert pool.take(job.name, BOB) is None
    open_again(store, job, asking(store, job, 7), clock.now)
    assert pool.take(job.name, BOB).number == 7


def test_done_again_after_a_crash_it_makes_up_what_is_missing_and_no_more():
    store, job, pool, clock = answered()
    again, reviews = refs(store, job, 0, 1), {ref: Review() for ref in refs(store, job, 2)}
    plan = Plan(again, reviews, dict.fromkeys((*again, *reviews), 1))
    store.faults = 0.3
    for _ in range(50):
        try:
            open_again(store, job, plan, clock.now)
            break
        except ServiceUnavailable:
            continue
    store.faults = 0.0
    assert [(item.needed, item.review) for item in store.objects(job)] == [(2, None), (2, None), (1, Review())]
    before = store.job(job.name)
    assert before.asked_more == 2
    open_again(store, job, plan, clock.now)
    assert store.job(job.name) == before
    assert [item.needed for item in store.objects(job)] == [2, 2, 1]
    assert pool.take(job.name, BOB) is not None


def test_an_answer_that_is_thought_over_is_left_for_the_next_look():
    store, job, pool, clock = answered()
    undone = pool.undo(job.name, ADA)
    opened = open_again(store, job, asking(store, job, 0, 1, 2), clock.now)
    assert [item.needed for item in store.objects(job)].count(2) == 2
    assert opened.status == "InProgress"
    pool.submit(job.name, undone.task, ADA, answer_of("shut"))
    while task := pool.take(job.name, BOB):
        pool.submit(job.name, task.task, BOB, answer_of())
    assert store.job(job.name).status == "Answered"


def test_two_looks_at_once_do_not_go_beyond_the_plan():
    store, job, pool, clock = answered()
    plan = asking(store, job, 0, 1)
    open_again(store, job, plan, clock.now)
    pool.submit(job.name, pool.take(job.name, BOB).task, BOB, answer_of("shut"))
    open_again(store, job, plan, clock.now)  # the other look, whose plan does not know of Bob's answer
    assert [item.needed for item in store.objects(job)] == [2, 2, 1]
    assert pool.take(job.name, EVE) is not None
    assert pool.take(job.name, any_worker("joe")) is None


class Watched(MemoryTaskStore):
    """Which threads write to which gate, and when; the first gate takes longest."""

    def __init__(self) -> None:
        super().__init__()
        self.wrote: dict[int, list[tuple[int, float, float]]] = defaultdict(list)
        self.slow = False

    def write(self, changes: Changes, now: float) -> None:
        began = time.monotonic()
        time.sleep(0.001 + 0.03 * (changes.gate == 0) if self.slow else 0)
        super().write(changes, now)
        if changes.gate is not None and self.slow:
            self.wrote[changes.gate].append((threading.get_ident(), began, time.monotonic()))


def test_objects_are_opened_by_several_threads_and_no_two_write_to_one_gate_at_a_time():
    store = Watched()
    _, job, _, clock = answered(objects=3 * GATES, store=store)
    store.slow = True
    opened = open_again(store, job, asking(store, job, *range(job.objects)), clock.now)
    assert opened.asked_more == job.objects
    assert {item.needed for item in store.objects(job)} == {2}
    assert len({thread for times in store.wrote.values() for thread, _, _ in times}) > 1
    for times in store.wrote.values():
        assert len(times) == 3
        assert all(ended <= began for (_, _, ended), (_, began, _) in pairwise(sorted(times, key=lambda each: each[1])))


@pytest.mark.parametrize("late", ["stopped", "out of time"])
def test_a_job_that_is_stopped_or_out_of_time_ends_instead(late: str):
    store, job, _, clock = answered()
    if late == "stopped":
        assert jobs.stop(store, job.name, clock.now)
    else:
        clock.now = job.expires
    assert jobs.settle(store, job.name, clock.now).ended is not None
    assert open_again(store, job, asking(store, job, 0), clock.now).ended is not None
    assert [item.needed for item in store.objects(job)] == [1, 1, 1]
