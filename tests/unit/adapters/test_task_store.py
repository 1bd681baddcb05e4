"""The portal's task store: DynamoDB's and the tests' own keep one contract."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from adapters.task_store import DynamoTaskStore
from domain.errors import ServiceUnavailable
from domain.tasks import jobs
from domain.tasks.model import AGAIN, BLOCK, GATES, REVIEW, Changes, WorkerState, changed, with_gate
from domain.tasks.parts import Answer, Decision, Lease, Review
from domain.tasks.store import Conflict, GateClosed, TaskStore
from tests.support.builders.tasks import answer_of, any_job, any_worker, objects_of, pool_over
from tests.support.fakes.memory_tasks import MemoryTaskStore

NOW = 1_790_000_000.0


@pytest.fixture(params=["dynamodb", "memory"])
def store(request: pytest.FixtureRequest) -> TaskStore:
    if request.param == "memory":
        return MemoryTaskStore()
    return DynamoTaskStore(request.getfixturevalue("dynamodb"), "tasks")


def started(store: TaskStore, **fields: Any) -> Any:
    job = any_job(**fields)
    store.add_job(job)
    store.add_objects(job, objects_of(job))
    return job


def lent(job: Any, store: TaskStore, number: int = 0) -> Any:
    lease = Lease(task=f"{number}.a", accepted=NOW, expires=NOW + 60)
    return changed(store.find(job.name, number), leases={"ada": lease})


def test_a_job_is_made_once_and_changed_only_as_it_was_read(store: TaskStore):
    job = any_job()
    assert store.add_job(job)
    assert not store.add_job(job.model_copy(update={"title": "another"}))
    assert store.job(job.name) == job
    assert store.jobs() == [job]
    paused = store.save_job(job.model_copy(update={"status": "Paused"}))
    assert store.job(job.name) == paused
    with pytest.raises(Conflict):
        store.save_job(job)
    assert store.job("another") is None


class Asked:
    """Keeps the requests of a query, which finds nothing."""

    def __init__(self) -> None:
        self.requests: list[dict[str, Any]] = []

    def get_paginator(self, _name: str) -> Asked:
        return self

    def paginate(self, **request: Any) -> list[dict[str, Any]]:
        self.requests.append(request)
        return [{"Items": []}]


def test_all_objects_are_read_with_the_answer_that_has_just_come():
    asked = Asked()
    assert list(DynamoTaskStore(asked, "tasks").objects(any_job(objects=BLOCK + 1))) == []
    assert [request["ConsistentRead"] for request in asked.requests] == [True, True]
    assert not any("IndexName" in request for request in asked.requests)


class Busy:
    """Cancels the first so many transactions, for the reasons given."""

    def __init__(self, times: int, *codes: str) -> None:
        self.times, self.codes, self.calls = times, codes, 0

    def transact_write_items(self, **_request: Any) -> None:
        self.calls += 1
        if self.calls <= self.times:
            reasons = [{"Code": code} for code in self.codes]
            told: Any = {"Error": {"Code": "TransactionCanceledException"}, "CancellationReasons": reasons}
            raise ClientError(told, "TransactWriteItems")


@pytest.mark.parametrize("code", ["ThrottlingError", "ProvisionedThroughputExceeded"])
def test_what_went_too_fast_is_written_a_little_later(code: str):
    waited: list[float] = []
    busy = Busy(2, "None", code)
    DynamoTaskStore(busy, "tasks", waited.append).write(Changes("job", gate=3, votes=1), NOW)
    assert (busy.calls, waited) == (3, [0.05, 0.1])
    with pytest.raises(ServiceUnavailable, match="busy"):
        DynamoTaskStore(Busy(99, "None", code), "tasks", waited.append).write(Changes("job", gate=3, votes=1), NOW)


def test_objects_are_added_once_and_never_overwritten(store: TaskStore):
    job = started(store, objects=2 * BLOCK + 5, needed=2)
    store.write(with_gate(Changes(job.name), store.find(job.name, 0), lent(job, store)), NOW)
    store.add_objects(job, objects_of(job))
    assert [item.number for item in store.objects(job)] == list(range(job.objects))
    assert store.find(job.name, 0).leases
    assert store.find(job.name, job.objects) is None
    assert len(store.gates(job.name)) == GATES


def test_the_index_has_what_somebody_could_be_given(store: TaskStore):
    job = started(store, objects=BLOCK + 2)
    assert [item.number for item in store.open_in(job.name, 1)] == [BLOCK, BLOCK + 1]
    store.write(Changes(job.name, objects=(lent(job, store),)), NOW)
    assert 0 not in [item.number for item in store.open_in(job.name, 0)]
    assert list(store.open_in(job.name, AGAIN, NOW + 59)) == []
    assert [item.number for item in store.open_in(job.name, AGAIN, NOW + 60)] == [0]


def test_what_is_complete_is_in_no_index(store: TaskStore):
    job = started(store)
    before = store.find(job.name, 0)
    answer = Answer(content={}, task="0.a", accepted=NOW, submitted=NOW)
    store.write(with_gate(Changes(job.name), before, changed(before, answers={"ada": answer})), NOW)
    assert [item.number for item in store.open_in(job.name, 0)] == [1, 2]
    assert list(store.open_in(job.name, AGAIN, 2 * NOW)) == []
    assert sum(gate.finished for gate in store.gates(job.name)) == 1


def test_a_write_is_all_or_nothing(store: TaskStore):
    job = started(store)
    stale = lent(job, store)
    store.write(Changes(job.name, objects=(stale,)), NOW)
    worker = WorkerState(job=job.name, worker="ada", answered=1)
    with pytest.raises(Conflict):
        store.write(Changes(job.name, objects=(stale,), worker=worker, gate=0, votes=1, finished=1), NOW)
    assert store.look(job.name, "ada") == (job, None, None)
    assert sum(gate.votes for gate in store.gates(job.name)) == 0


def test_a_worker_is_changed_only_as_she_was_read(store: TaskStore):
    job = started(store)
    worker = WorkerState(job=job.name, worker="ada", email="ada@example.com")
    store.write(Changes(job.name, worker=worker), NOW)
    with pytest.raises(Conflict):
        store.write(Changes(job.name, worker=worker), NOW)
    _, kept, item = store.look(job.name, "ada", 1)
    assert item == store.find(job.name, 1)
    store.write(Changes(job.name, worker=kept.model_copy(update={"answered": 1})), NOW)
    assert [(state.email, state.answered) for state in store.workers(job.name)] == [("ada@example.com", 1)]


def test_closed_gates_take_no_vote_but_other_changes(store: TaskStore):
    job = started(store)
    store.close_gates(job.name)
    assert not any(gate.open for gate in store.gates(job.name))
    with pytest.raises(GateClosed):
        store.write(Changes(job.name, gate=3, votes=1), NOW)
    store.write(Changes(job.name, worker=WorkerState(job=job.name, worker="ada")), NOW)


def test_a_whole_job_is_labeled(store: TaskStore):
    job = any_job(objects=7, needed=2)
    pool, clock = pool_over(store, job)
    workers = [any_worker(name) for name in ("ada", "bob", "eve")]
    pool.skip(job.name, pool.take(job.name, workers[0]).task, workers[0])
    for _ in range(20):
        for worker in workers:
            if task := pool.take(job.name, worker):
                pool.submit(job.name, task.task, worker, answer_of())
        clock.wait(1)
    assert store.job(job.name).status == "Completed"
    assert [len(item.answers) for item in store.objects(job)] == [2] * 7
    assert jobs.finished(store, job.name) == 7


def test_what_stands_in_the_way_is_told(dynamodb: Any):
    with pytest.raises(ClientError):
        dynamodb.describe_table(TableName="none")
    store = DynamoTaskStore(dynamodb, "none")
    with pytest.raises(Exception, match="table none"):
        store.job("job")


class _Busy:
    """DynamoDB that leaves something unprocessed each time."""

    def batch_get_item(self, RequestItems: Any) -> Any:  # noqa: N803 - AWS's name
        return {"Responses": {}, "UnprocessedKeys": RequestItems}


def test_a_busy_table_is_worth_another_try():
    pauses: list[float] = []
    with pytest.raises(ServiceUnavailable, match="busy"):
        DynamoTaskStore(_Busy(), "tasks", pauses.append).look("job", "ada")
    assert len(pauses) == 5


def test_what_waits_for_a_reviewer_is_counted_and_found_the_least_sure_first(store: TaskStore):
    job = started(store)
    for number, sure in enumerate((0.7, None, 0.4)):
        item = store.find(job.name, number)
        store.write(Changes(job.name, (item.model_copy(update={"review": Review(confidence=sure)}),)), NOW)
    assert [item.number for item in store.open_in(job.name, REVIEW, page=2)] == [1, 2, 0]
    item = store.find(job.name, 1)
    decision = Decision(reviewer="ada", content=None, task="1.a", accepted=NOW, submitted=NOW)
    answered = {"bob": Answer(content=answer_of(), task="1.b", accepted=NOW, submitted=NOW)}
    after = item.model_copy(update={"review": Review(decision=decision), "answers": answered})
    store.write(with_gate(Changes(job.name), item, after), NOW)
    assert store.count_open(job.name, REVIEW) == 2
    assert store.find(job.name, 1).review.decision == decision
    assert sum(gate.finished for gate in store.gates(job.name)) == 1
