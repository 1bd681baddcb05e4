"""Who gets which task: every rule of the pool, and that no history of work can break it."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule

from localcloud.ground_truth.job.task_pool import TaskPool, Worker

ADA = Worker("ada", "monday")
BO = Worker("bo", "monday")
CY = Worker("cy", "monday")
ANSWER = {"crowd-image-classifier": {"label": "yes"}}
OTHER = {"crowd-image-classifier": {"label": "no"}}


def taken(pool: TaskPool, worker: Worker, now: float = 0.0) -> int | None:
    assignment = pool.take(worker, now)
    return None if assignment is None else assignment.index


def do(pool: TaskPool, worker: Worker, now: float = 0.0) -> bool:
    assignment = pool.take(worker, now)
    assert assignment is not None
    return pool.submit(assignment, ANSWER, now)


def test_a_worker_who_comes_back_gets_the_same_task_again():
    pool = TaskPool(3, 1, 100)
    first = pool.take(ADA, 0)
    assert pool.take(ADA, 50) == first


def test_a_worker_who_signs_in_anew_still_holds_the_task():
    pool = TaskPool(3, 1, 100)
    first = pool.take(ADA, 0)
    assert pool.take(Worker("ada", "tuesday"), 50) == first


def test_an_object_is_never_with_more_workers_than_it_needs():
    pool = TaskPool(1, 2, 100)
    assert [taken(pool, worker) for worker in (ADA, BO, CY)] == [0, 0, None]


def test_a_worker_answers_an_object_once():
    pool = TaskPool(1, 3, 100)
    do(pool, ADA)
    assert taken(pool, ADA) is None


def test_the_last_answer_that_an_object_needs_makes_it_complete():
    pool = TaskPool(1, 3, 100)
    assert [do(pool, worker) for worker in (ADA, BO, CY)] == [False, False, True]


def test_answers_keep_when_they_were_accepted_and_submitted():
    pool = TaskPool(1, 1, 100)
    assignment = pool.take(ADA, 10)
    pool.submit(assignment, ANSWER, 14.5)
    (answer,) = pool.answers(0)
    assert (answer.worker, answer.content, answer.accepted, answer.submitted) == (ADA, ANSWER, 10, 14.5)


def test_a_task_whose_time_is_over_goes_to_somebody_else():
    pool = TaskPool(1, 1, 30)
    held = pool.take(ADA, 0)
    assert taken(pool, BO, 29.9) is None
    assert taken(pool, BO, 30) == 0
    assert pool.lease(held.task_id, ADA, 30) is None


def test_a_skipped_object_comes_back_to_the_worker_at_the_next_sign_in_only():
    pool = TaskPool(1, 1, 100)
    pool.skip(pool.take(ADA, 0))
    assert taken(pool, ADA) is None
    assert taken(pool, Worker("ada", "tuesday")) == 0


def test_a_skipped_object_is_free_for_others_at_once():
    pool = TaskPool(1, 1, 100)
    pool.skip(pool.take(ADA, 0))
    assert taken(pool, BO) == 0


def test_a_declined_object_never_comes_back_to_the_worker():
    pool = TaskPool(2, 1, 100)
    pool.decline(pool.take(ADA, 0))
    assert taken(pool, Worker("ada", "tuesday")) == 1
    assert taken(pool, BO) == 0


MEMBERS = {ADA.worker_id, BO.worker_id}


def test_skipped_objects_are_offered_again_when_nobody_of_the_team_has_another_left():
    pool = TaskPool(2, 1, 100)
    pool.skip(pool.take(ADA, 0))
    assert not pool.offer_again(MEMBERS, 0)  # another is left
    pool.submit(pool.take(ADA, 0), ANSWER, 1)
    assert taken(pool, ADA) is None
    assert not pool.offer_again(MEMBERS, 1)  # Bo may want it
    held = pool.take(BO, 1)
    assert not pool.offer_again(MEMBERS, 1)  # Bo has it
    pool.skip(held)
    assert pool.offer_again(MEMBERS, 1)
    again = pool.take(ADA, 2)
    assert (again.index, again.again) == (0, True)
    assert not pool.exhausted(MEMBERS, 2)


def test_what_all_have_declined_can_be_done_by_nobody():
    pool = TaskPool(2, 1, 100)
    pool.submit(pool.take(ADA, 0), ANSWER, 0)
    pool.close(0)
    pool.decline(pool.take(ADA, 1))
    assert not pool.exhausted(MEMBERS, 1)
    pool.decline(pool.take(BO, 1))
    assert pool.exhausted(MEMBERS, 1)
    assert not pool.exhausted({*MEMBERS, CY.worker_id}, 1)


def test_only_a_batch_of_objects_is_with_the_workers_at_a_time():
    pool = TaskPool(5, 1, 100, concurrent=2)
    assert [taken(pool, worker) for worker in (ADA, BO, CY)] == [0, 1, None]
    pool.close(0)
    assert taken(pool, CY) == 2


def test_a_closed_object_is_offered_to_nobody():
    pool = TaskPool(2, 1, 100)
    pool.close(0)
    assert taken(pool, ADA) == 1
    pool.close(1)
    assert pool.done()
    assert taken(pool, BO) is None


def test_a_task_belongs_to_its_worker_alone():
    pool = TaskPool(1, 1, 100)
    held = pool.take(ADA, 0)
    assert pool.lease(held.task_id, BO, 1) is None
    assert pool.lease("another id", ADA, 1) is None
    assert pool.lease(held.task_id, ADA, 1) == held


@given(st.integers(0, 6), st.integers(1, 4), st.integers(1, 8))
def test_what_is_available_is_what_a_worker_can_take(count, wanted, concurrent):
    pool = TaskPool(count, wanted, 100, concurrent)
    done = 0
    while (available := pool.available(ADA, 0)) > 0:
        assert do(pool, ADA) == (wanted == 1)
        pool.close(done)
        done += 1
        assert available >= 1
    assert done == count


def test_a_last_answer_is_taken_back_and_replaced() -> None:
    pool = TaskPool(2, 1, 100)
    do(pool, ADA)
    pool.close(0)
    following = pool.take(ADA, 1)
    assert pool.held(1) == {0}, "as long as she works on the next one"
    lease = pool.undo(ADA, 2)
    assert lease is not None
    assert (lease.index, lease.earlier.content) == (0, ANSWER)
    assert pool.lease(following.task_id, ADA, 2) is None
    assert pool.undo(ADA, 2) is None, "once"
    assert not pool.done()
    assert pool.submit(lease, OTHER, 3)
    assert [answer.content for answer in pool.answers(0)] == [OTHER]


def test_an_answer_that_is_taken_back_and_not_given_again_holds() -> None:
    for ends in (lambda pool: pool.expire(102), TaskPool.keep_earlier_answers):
        pool = TaskPool(1, 1, 100)
        do(pool, ADA)
        pool.undo(ADA, 1)
        assert pool.answers(0) == []
        ends(pool)
        assert [answer.content for answer in pool.answers(0)] == [ANSWER]


def test_an_answer_that_is_taken_back_and_skipped_is_asked_of_others() -> None:
    pool = TaskPool(1, 1, 100)
    do(pool, ADA)
    pool.close(0)
    pool.skip(pool.undo(ADA, 1))
    assert (pool.closed(0), taken(pool, ADA, 2), taken(pool, BO, 2)) == (False, None, 0)


def test_what_is_part_of_a_label_is_not_taken_back() -> None:
    pool = TaskPool(2, 1, 100)
    do(pool, ADA)
    assert pool.undoable(ADA)
    pool.settle([0])
    assert not pool.undoable(ADA)
    assert pool.undo(ADA, 1) is None


class WorkHistories(RuleBasedStateMachine):
    """Workers take, submit, undo, skip, decline and run out of time in any order; labels are made at any time."""

    workers = Bundle("workers")

    @initialize(count=st.integers(1, 5), wanted=st.integers(1, 3))
    def start(self, count, wanted):
        self.pool = TaskPool(count, wanted, 30)
        self.count, self.wanted, self.now = count, wanted, 0.0
        self.votes: set[tuple[str, int]] = set()
        self.labels: dict[int, list[str]] = {}

    @rule(target=workers, name=st.sampled_from("abcd"), session=st.sampled_from("xy"))
    def sign_in(self, name, session):
        return Worker(name, session)

    @rule(seconds=st.integers(1, 40))
    def wait(self, seconds):
        self.now += seconds
        self.pool.expire(self.now)

    @rule(worker=workers, act=st.sampled_from(["submit", "skip", "decline", "hold"]))
    def work(self, worker, act):
        assignment = self.pool.take(worker, self.now)
        if assignment is None or act == "hold":
            return
        vote = (worker.worker_id, assignment.index)
        if act == "submit":
            assert (vote in self.votes) == (assignment.earlier is not None)
            self.votes.add(vote)
            if self.pool.submit(assignment, ANSWER, self.now):
                self.pool.close(assignment.index)
        elif act == "skip":
            self.votes.discard(vote)
            self.pool.skip(assignment)
        else:
            self.votes.discard(vote)
            self.pool.decline(assignment)

    @rule(worker=workers)
    def undo(self, worker):
        assignment = self.pool.undo(worker, self.now)
        if assignment is not None:
            assert (worker.worker_id, assignment.index) in self.votes
            assert assignment.index not in self.labels

    @rule()
    def make_labels(self):
        held = self.pool.held(self.now)
        due = [index for index in range(self.count) if self.pool.closed(index) and index not in held]
        self.labels |= {index: who(self.pool, index) for index in due if index not in self.labels}
        self.pool.settle(due)

    @invariant()
    def no_vote_is_lost_and_none_is_doubled(self):
        given = [(worker_id, index) for index in range(self.count) for worker_id in who(self.pool, index)]
        leases = self.pool._leases.values()
        revised = [(lease.worker.worker_id, lease.index) for lease in leases if lease.earlier]
        assert sorted(given + revised) == sorted(self.votes)
        assert all(len(who(self.pool, index)) <= self.wanted for index in range(self.count))

    @invariant()
    def a_label_has_all_its_answers_and_keeps_them(self):
        for index, workers in self.labels.items():
            assert who(self.pool, index) == workers
            assert len(workers) == self.wanted


def who(pool: TaskPool, index: int) -> list[str]:
    return sorted(answer.worker.worker_id for answer in pool.answers(index))


TestWorkHistories = WorkHistories.TestCase
TestWorkHistories.settings = settings(max_examples=settings().max_examples // 2)
