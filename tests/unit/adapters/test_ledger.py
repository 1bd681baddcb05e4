"""The ledger: DynamoDB's and the tests' own keep one contract."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from adapters.ledger import DynamoLedger
from domain.errors import LeaseLost
from domain.workflow.ledger import RunRecord
from domain.workflow.ports import Ledger
from domain.workflow.states import AwaitRequest, LabelingJob
from tests.support.builders.runs import any_built_manifest, any_label_run, any_newest_labels, any_output
from tests.support.fakes.ledger import MemoryLedger

NOW = 1_790_000_000.0


@pytest.fixture(params=["dynamodb", "memory"])
def ledger(request: pytest.FixtureRequest) -> Ledger:
    if request.param == "memory":
        return MemoryLedger()
    return DynamoLedger(request.getfixturevalue("dynamodb"), "ledger")


def any_record(run_id: str = "run-1", number: int = 1, **fields: Any) -> RunRecord:
    return RunRecord(
        **{
            "dataset": "faces",
            "run_id": run_id,
            "number": number,
            "version": f"v{number:04}-{run_id}",
            "source_prefix": "raw/faces/",
            "label_attribute": "mouth",
            "seed": 7,
            "instances": 1,
            "started": "2026-11-22T10:00:00+00:00",
            **fields,
        }
    )


def test_a_lease_excludes_others_until_it_is_released(ledger: Ledger) -> None:
    lease = ledger.acquire("faces", "run-1", "execution-1", NOW, 60)
    assert ledger.lease("faces") == lease
    assert ledger.acquire("faces", "run-2", "execution-2", NOW + 59, 60) is None
    assert ledger.release("faces", "execution-1")
    assert ledger.lease("faces") is None
    assert ledger.acquire("faces", "run-2", "execution-2", NOW + 59, 60).run_id == "run-2"


def test_two_executions_of_one_run_exclude_each_other(ledger: Ledger) -> None:
    ledger.acquire("faces", "run-1", "execution-1", NOW, 60)
    assert ledger.acquire("faces", "run-1", "execution-2", NOW, 60) is None


def test_data_sets_do_not_exclude_each_other(ledger: Ledger) -> None:
    assert ledger.acquire("faces", "run-1", "execution-1", NOW, 60)
    assert ledger.acquire("boats", "run-1", "execution-2", NOW, 60)


def test_an_expired_lease_is_taken_over(ledger: Ledger) -> None:
    first = ledger.acquire("faces", "run-1", "execution-1", NOW, 60)
    second = ledger.acquire("faces", "run-2", "execution-2", NOW + 61, 60)
    assert second.token > first.token
    assert ledger.acquire("faces", "run-1", "execution-1", NOW + 62, 60) is None


def test_the_holder_comes_again_with_its_token_and_more_time(ledger: Ledger) -> None:
    first = ledger.acquire("faces", "run-1", "execution-1", NOW, 60)
    again = ledger.acquire("faces", "run-1", "execution-1", NOW + 30, 60)
    assert (again.token, again.held_until) == (first.token, NOW + 90)


def test_the_token_grows_over_releases_too(ledger: Ledger) -> None:
    tokens = []
    for number in range(4):
        tokens.append(ledger.acquire("faces", "run-1", f"execution-{number}", NOW, 60).token)
        ledger.release("faces", f"execution-{number}")
    assert tokens == sorted(set(tokens))


def test_only_the_holder_releases(ledger: Ledger) -> None:
    assert not ledger.release("faces", "execution-1")
    ledger.acquire("faces", "run-1", "execution-1", NOW, 60)
    assert not ledger.release("faces", "execution-2")
    assert ledger.lease("faces").execution == "execution-1"


def test_a_run_is_remembered(ledger: Ledger) -> None:
    assert ledger.run("faces", "run-1") is None
    ledger.start_run(any_record(parent="v0000-x"))
    assert ledger.run("faces", "run-1") == any_record(parent="v0000-x")
    assert ledger.run("faces", "run-2") is None


def test_a_failure_is_noted_unless_the_run_is_published(ledger: Ledger) -> None:
    ledger.fail_run("faces", "run-1", "never started")
    assert ledger.run("faces", "run-1") is None
    ledger.start_run(any_record())
    ledger.fail_run("faces", "run-1", "no capacity")
    assert ledger.run("faces", "run-1").failure == "no capacity"
    publish(ledger)
    ledger.fail_run("faces", "run-1", "too late")
    assert ledger.run("faces", "run-1").failure == ""


def publish(ledger: Ledger, run_id: str = "run-1", number: int = 1) -> None:
    lease = ledger.acquire("faces", run_id, f"execution-{run_id}", NOW, 60)
    ledger.publish(any_record(run_id, number), lease.token, any_output(run_id=run_id))
    ledger.release("faces", f"execution-{run_id}")


def test_publishing_moves_the_head_and_keeps_the_result(ledger: Ledger) -> None:
    assert ledger.head("faces") is None
    publish(ledger)
    publish(ledger, "run-2", 2)
    assert ledger.head("faces").version == "v0002-run-2"
    assert ledger.run("faces", "run-1").result == any_output(run_id="run-1")


def test_an_old_token_publishes_nothing(ledger: Ledger) -> None:
    old = ledger.acquire("faces", "run-1", "execution-1", NOW, 60)
    ledger.acquire("faces", "run-2", "execution-2", NOW + 61, 60)
    ledger.start_run(any_record())
    with pytest.raises(LeaseLost):
        ledger.publish(any_record(), old.token, any_output())
    assert ledger.head("faces") is None
    assert ledger.run("faces", "run-1").result is None


def test_a_released_lease_publishes_nothing(ledger: Ledger) -> None:
    lease = ledger.acquire("faces", "run-1", "execution-1", NOW, 60)
    ledger.release("faces", "execution-1")
    with pytest.raises(LeaseLost):
        ledger.publish(any_record(), lease.token, any_output())


def test_the_head_never_goes_back(ledger: Ledger) -> None:
    publish(ledger, "run-2", 2)
    with pytest.raises(LeaseLost):
        publish(ledger, "run-1", 1)
    assert ledger.head("faces").number == 2


def test_the_newest_labels_win_in_whatever_order_they_come(ledger: Ledger) -> None:
    assert ledger.newest_labels("faces") is None
    newer = any_newest_labels(run_id="new", collected="2026-11-23T00:00:00.000+00:00")
    ledger.record_labels(newer)
    ledger.record_labels(any_newest_labels(run_id="old"))
    assert ledger.newest_labels("faces") == newer
    assert ledger.newest_labels("boats") is None


def test_a_publication_whose_answer_was_lost_counts_as_done(dynamodb: Any) -> None:
    ledger = DynamoLedger(dynamodb, "ledger")
    lease = ledger.acquire("faces", "run-1", "execution-1", NOW, 60)
    ledger.publish(any_record(), lease.token, any_output())
    ledger.publish(any_record(), lease.token, any_output())
    assert ledger.head("faces").version == "v0001-run-1"


def test_a_long_reason_fits_into_the_table(dynamodb: Any) -> None:
    ledger = DynamoLedger(dynamodb, "ledger")
    ledger.start_run(any_record())
    ledger.fail_run("faces", "run-1", "x" * 500_000)
    assert len(ledger.run("faces", "run-1").failure) == 2_000


def test_nothing_is_written_where_dynamodb_would_drop_it(dynamodb: Any) -> None:
    ledger = DynamoLedger(dynamodb, "ledger")
    publish(ledger)
    ledger.record_labels(any_newest_labels())
    items = dynamodb.scan(TableName="ledger")["Items"]
    assert len(items) == 4
    assert all("expires_at" not in item for item in items)


def test_two_who_saw_the_same_free_lease_do_not_both_get_it(dynamodb: Any) -> None:
    racing = RacingClient(dynamodb)
    loser, winner = DynamoLedger(racing, "ledger"), DynamoLedger(dynamodb, "ledger")
    racing.before_put = lambda: winner.acquire("faces", "run-2", "execution-2", NOW, 60)
    assert loser.acquire("faces", "run-1", "execution-1", NOW, 60) is None
    assert winner.lease("faces").execution == "execution-2"


class RacingClient:
    """Lets somebody else in between the reads and the write."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self.before_put: Any = None

    def __getattr__(self, name: str) -> Any:
        if name == "put_item" and self.before_put is not None:
            first, self.before_put = self.before_put, None
            first()
        return getattr(self._client, name)


def test_another_fault_of_a_publication_is_no_lost_lease(dynamodb: Any) -> None:
    class Failing:
        def transact_write_items(self, **_request: Any) -> None:
            raise ClientError({"Error": {"Code": "ThrottlingException", "Message": "slow down"}}, "TransactWriteItems")

    from domain.errors import ServiceUnavailable

    with pytest.raises(ServiceUnavailable, match=r"publish faces v0001-run-1 .* slow down"):
        DynamoLedger(Failing(), "ledger").publish(any_record(), 1, any_output())


def test_who_waits_for_a_labeling_job_is_known_by_its_name_in_any_letters(ledger: Ledger) -> None:
    job = LabelingJob(name="kempelen-dev-label-faces-0a1b2c3d", created_here=True)
    request = AwaitRequest(run=any_label_run(), manifest=any_built_manifest(), job=job, token="first")
    assert ledger.watched(job.name) is None
    ledger.watch(request)
    ledger.watch(request.model_copy(update={"token": "second"}))
    assert ledger.watched(job.name.upper()).token == "second"


def test_the_backend_that_is_kept_first_is_the_runs(ledger: Ledger) -> None:
    assert ledger.backend("faces", "run-1") is None
    assert ledger.keep_backend("faces", "run-1", "portal") == "portal"
    assert ledger.keep_backend("faces", "run-1", "ground_truth") == "portal"
    assert ledger.keep_backend("faces", "run-2", "ground_truth") == "ground_truth"
    assert (ledger.backend("faces", "run-1"), ledger.backend("mouths", "run-1")) == ("portal", None)
