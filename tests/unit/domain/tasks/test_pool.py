"""What a worker may expect of tasks, whoever else works on them."""

from __future__ import annotations

import pytest

from domain.tasks import jobs
from domain.tasks.model import BLOCK, Changes
from domain.tasks.store import Conflict, GateClosed
from domain.tasks.trying import TaskGone
from tests.support.builders.tasks import answer_of, any_job, any_worker, objects_of, pool_over
from tests.support.fakes.memory_tasks import MemoryTaskStore

ADA, BOB, EVE = any_worker("ada"), any_worker("bob"), any_worker("eve")


def test_a_task_stays_in_hand_until_it_is_answered():
    job = any_job()
    pool, _ = pool_over(MemoryTaskStore(), job)
    first = pool.take(job.name, ADA)
    assert pool.take(job.name, ADA) == first == pool.current(job.name, ADA)
    pool.submit(job.name, first.task, ADA, answer_of())
    assert pool.current(job.name, ADA) is None
    assert pool.take(job.name, ADA).number != first.number


def test_no_object_is_offered_beyond_its_need_and_nobody_gets_it_twice():
    job = any_job(objects=1, needed=2)
    pool, _ = pool_over(MemoryTaskStore(), job)
    first, second = pool.take(job.name, ADA), pool.take(job.name, BOB)
    assert first
    assert second
    assert pool.take(job.name, EVE) is None
    pool.submit(job.name, first.task, ADA, answer_of())
    assert pool.take(job.name, ADA) is None
    assert pool.take(job.name, EVE) is None


def test_the_last_answer_ends_the_job():
    store, job = MemoryTaskStore(), any_job(objects=2, needed=2)
    pool, _ = pool_over(store, job)
    for worker in (ADA, BOB):
        while task := pool.take(job.name, worker):
            pool.submit(job.name, task.task, worker, answer_of())
    ended = store.job(job.name)
    assert ended.status == "Completed"
    assert [len(item.answers) for item in store.objects(ended)] == [2, 2]
    assert sum(gate.votes for gate in store.gates(job.name)) == 4


def test_the_same_answer_twice_counts_once():
    store, job = MemoryTaskStore(), any_job(needed=2)
    pool, _ = pool_over(store, job)
    task = pool.take(job.name, ADA)
    for _ in range(2):
        pool.submit(job.name, task.task, ADA, answer_of())
    assert sum(gate.votes for gate in store.gates(job.name)) == 1
    assert store.workers(job.name)[0].answered == 1


def test_whose_time_is_over_loses_the_task_to_others():
    job = any_job(objects=1)
    pool, clock = pool_over(MemoryTaskStore(), job)
    late = pool.take(job.name, ADA)
    assert pool.take(job.name, BOB) is None
    clock.wait(job.seconds + 1)
    mine = pool.take(job.name, BOB)
    assert mine.number == late.number
    with pytest.raises(TaskGone, match="no longer yours"):
        pool.submit(job.name, late.task, ADA, answer_of())
    pool.submit(job.name, mine.task, BOB, answer_of())


def test_a_late_answer_counts_where_nobody_needs_the_place():
    store, job = MemoryTaskStore(), any_job(objects=1)
    pool, clock = pool_over(store, job)
    task = pool.take(job.name, ADA)
    clock.wait(10 * job.seconds)
    pool.submit(job.name, task.task, ADA, answer_of())
    assert store.job(job.name).status == "Completed"


def test_two_late_answers_never_pass_the_need():
    store, job = MemoryTaskStore(), any_job(objects=1)
    pool, clock = pool_over(store, job)
    first = pool.take(job.name, ADA)
    clock.wait(job.seconds + 1)
    second = pool.take(job.name, BOB)
    clock.wait(job.seconds + 1)
    pool.submit(job.name, first.task, ADA, answer_of())
    with pytest.raises(TaskGone):
        pool.submit(job.name, second.task, BOB, answer_of())
    assert len(store.find(job.name, 0).answers) == 1


def test_who_lost_a_task_by_time_gets_it_again_later():
    job = any_job(objects=2, needed=2)
    pool, clock = pool_over(MemoryTaskStore(), job)
    lost = pool.take(job.name, ADA)
    clock.wait(job.seconds + 1)
    other = pool.take(job.name, ADA)
    assert other.number != lost.number
    pool.submit(job.name, other.task, ADA, answer_of())
    assert pool.take(job.name, ADA).number == lost.number


def test_what_is_skipped_comes_back_when_nothing_else_is_left():
    job = any_job(objects=2)
    pool, _ = pool_over(MemoryTaskStore(), job)
    first = pool.take(job.name, ADA)
    pool.skip(job.name, first.task, ADA)
    second = pool.take(job.name, ADA)
    assert (second.number != first.number, second.lease.again) == (True, False)
    pool.submit(job.name, second.task, ADA, answer_of())
    back = pool.take(job.name, ADA)
    assert (back.number, back.lease.again) == (first.number, True)


def test_what_is_skipped_is_new_after_the_next_sign_in_and_at_once_for_others():
    job = any_job(objects=1, needed=2)
    pool, _ = pool_over(MemoryTaskStore(), job)
    pool.skip(job.name, pool.take(job.name, ADA).task, ADA)
    assert pool.take(job.name, BOB).lease.again is False
    assert pool.take(job.name, any_worker("ada", "s2")).lease.again is False


def test_what_is_declined_never_comes_back_and_is_there_for_others():
    job = any_job(objects=1)
    pool, _ = pool_over(MemoryTaskStore(), job)
    task = pool.take(job.name, ADA)
    for _ in range(2):  # the second time because the first answer was lost
        pool.decline(job.name, task.task, ADA)
    assert pool.take(job.name, any_worker("ada", "s2")) is None
    assert pool.take(job.name, BOB) is not None


def test_the_last_answer_can_be_taken_back_and_holds_until_another_comes():
    store, job = MemoryTaskStore(), any_job(objects=3, needed=1)
    pool, _ = pool_over(store, job)
    first = pool.take(job.name, ADA)
    pool.submit(job.name, first.task, ADA, answer_of("open"))
    in_hand = pool.take(job.name, ADA)
    again = pool.undo(job.name, ADA)
    assert (again.number, again.earlier.content) == (first.number, answer_of("open"))
    assert len(store.find(job.name, first.number).answers) == 1
    assert pool.take(job.name, BOB).number != first.number
    pool.submit(job.name, again.task, ADA, answer_of("shut"))
    assert store.find(job.name, first.number).answers[ADA.worker_id].content == answer_of("shut")
    assert store.find(job.name, in_hand.number).leases.keys() <= {BOB.worker_id}


def test_an_answer_that_was_taken_back_and_skipped_is_gone():
    store, job = MemoryTaskStore(), any_job(objects=2)
    pool, _ = pool_over(store, job)
    first = pool.take(job.name, ADA)
    pool.submit(job.name, first.task, ADA, answer_of())
    pool.skip(job.name, pool.undo(job.name, ADA).task, ADA)
    assert store.find(job.name, first.number).answers == {}
    assert sum(gate.votes for gate in store.gates(job.name)) == 0
    assert store.workers(job.name)[0].answered == 0


def test_a_job_does_not_end_while_an_answer_is_thought_over():
    store, job = MemoryTaskStore(), any_job(objects=2)
    pool, clock = pool_over(store, job)
    pool.submit(job.name, pool.take(job.name, ADA).task, ADA, answer_of("open"))
    pool.undo(job.name, ADA)
    pool.submit(job.name, pool.take(job.name, BOB).task, BOB, answer_of())
    assert store.job(job.name).status == "InProgress"
    clock.wait(job.seconds + 1)
    assert pool.take(job.name, BOB) is None  # finds that her time is over
    assert store.job(job.name).status == "Completed"
    assert {len(item.answers) for item in store.objects(job)} == {1}


def test_a_paused_job_gives_no_task_but_takes_what_is_in_hand():
    store, job = MemoryTaskStore(), any_job(objects=3)
    pool, _ = pool_over(store, job)
    task = pool.take(job.name, ADA)
    jobs.pause(store, job.name)
    assert pool.take(job.name, BOB) is None
    pool.submit(job.name, task.task, ADA, answer_of())
    assert pool.take(job.name, ADA) is None
    jobs.resume(store, job.name)
    assert pool.take(job.name, ADA) is not None


def test_a_stopped_job_takes_what_is_in_hand_for_a_minute_and_then_nothing():
    store, job = MemoryTaskStore(), any_job(objects=3)
    pool, clock = pool_over(store, job)
    ada, bob = pool.take(job.name, ADA), pool.take(job.name, BOB)
    assert jobs.stop(store, job.name, clock.now)
    assert not jobs.stop(store, job.name, clock.now)
    pool.submit(job.name, ada.task, ADA, answer_of())
    assert jobs.settle(store, job.name, clock.now).status == "Stopping"
    clock.wait(jobs.GRACE_SECONDS)
    assert jobs.settle(store, job.name, clock.now).status == "Stopped"
    with pytest.raises(TaskGone, match="ended"):
        pool.submit(job.name, bob.task, BOB, answer_of())
    assert sum(len(item.answers) for item in store.objects(job)) == 1


def test_a_job_that_nobody_works_on_stops_at_once():
    store, job = MemoryTaskStore(), any_job()
    _, clock = pool_over(store, job)
    jobs.stop(store, job.name, clock.now)
    assert jobs.settle(store, job.name, clock.now).status == "Stopped"


def test_a_job_out_of_time_ends_with_what_it_has():
    store, job = MemoryTaskStore(), any_job(expires=5_000)
    pool, clock = pool_over(store, job)
    pool.submit(job.name, pool.take(job.name, ADA).task, ADA, answer_of())
    clock.now = 5_000
    assert jobs.settle(store, job.name, clock.now).status == "Completed"


def test_no_vote_comes_after_the_gates_are_closed():
    store, job = MemoryTaskStore(), any_job(objects=2)
    pool, clock = pool_over(store, job)
    task = pool.take(job.name, ADA)
    store.close_gates(job.name)
    with pytest.raises(TaskGone, match="ended"):
        pool.submit(job.name, task.task, ADA, answer_of())
    with pytest.raises(GateClosed):
        store.write(Changes(job.name, gate=0, votes=1), clock.now)


def test_taking_costs_the_same_in_a_long_job():
    def calls(objects: int) -> int:
        store, job = MemoryTaskStore(), any_job(objects=objects)
        pool, _ = pool_over(store, job)
        for _ in range(objects // 2):
            pool.submit(job.name, pool.take(job.name, ADA).task, ADA, answer_of())
        before = store.calls
        pool.take(job.name, ADA)
        return store.calls - before

    assert calls(20 * BLOCK) <= calls(2 * BLOCK) <= 5


def test_who_comes_late_to_a_long_job_does_not_look_through_what_is_done():
    store, job = MemoryTaskStore(), any_job(objects=30 * BLOCK)
    pool, _ = pool_over(store, job)
    for _ in range(25 * BLOCK):
        pool.submit(job.name, pool.take(job.name, ADA).task, ADA, answer_of())
    before = store.calls
    assert pool.take(job.name, BOB) is not None
    assert store.calls - before <= 5


def test_whom_a_late_index_let_go_on_finds_the_rest_later():
    store, job = MemoryTaskStore(late=1.0), any_job(objects=2 * BLOCK)
    pool, clock = pool_over(store, job)
    done = 0
    for _ in range(200 * BLOCK):
        task = pool.take(job.name, ADA)
        if task is None:
            clock.wait(61)
        else:
            pool.submit(job.name, task.task, ADA, answer_of())
            done += 1
    assert done == job.objects


def test_a_change_of_something_that_changed_meanwhile_is_refused():
    store, job = MemoryTaskStore(), any_job()
    pool, clock = pool_over(store, job)
    pool.take(job.name, ADA)
    with pytest.raises(Conflict):
        store.write(Changes(job.name, objects=tuple(objects_of(job))), clock.now)


def test_a_place_that_somebody_still_has_is_not_given_away():
    job = any_job(objects=1, needed=2)
    pool, clock = pool_over(MemoryTaskStore(), job)
    pool.submit(job.name, pool.take(job.name, ADA).task, ADA, answer_of())
    pool.undo(job.name, ADA)
    clock.wait(job.seconds - 1)
    assert pool.take(job.name, BOB) is not None
    clock.wait(2)  # Ada's time is over, Bob's is not
    assert pool.take(job.name, EVE) is None
