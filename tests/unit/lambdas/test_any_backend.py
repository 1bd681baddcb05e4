"""A stage with several back ends: each run labels in one, and everything that comes after finds it there."""

from __future__ import annotations

from typing import Any

import boto3
import pytest

from adapters.ledger import DynamoLedger
from domain.errors import InvalidInput, InvalidSettings, PreflightFailed
from lambdas.shared import entry
from tests.support.builders.runs import any_label_input
from tests.unit.lambdas.test_label_functions import event_of, finish, stopped_execution

CLOSED = ("AccessDeniedException", "Amazon SageMaker Ground Truth is not available to new customers.")


class Stage:
    """The functions, and an account that is closed to Ground Truth or not."""

    def __init__(self, functions: Any) -> None:
        self.functions = functions

    def close(self) -> None:
        self.functions.sagemaker.refuse["ListLabelingJobs"] = CLOSED

    def open(self) -> None:
        self.functions.sagemaker.refuse.clear()

    def checked(self, execution: str = "execution-1", **fields: Any) -> tuple[dict[str, Any], list[str]]:
        """The run as the state machine hands it on after the preflight, and what that said."""
        event = {"kind": "label", "execution": execution, "input": any_label_input(**fields)}
        run = self.functions("validate_input", event)
        told = self.functions("preflight", {"run": run})
        return {**run, "backend": told["backend"]}, told["checks"]

    def started(self, execution: str = "execution-1", **fields: Any) -> tuple[dict[str, Any], Any, Any]:
        run, _ = self.checked(execution, **fields)
        manifest = self.functions("build_manifest", {"run": run})
        return run, manifest, self.functions("start_labeling", {"run": run, "manifest": manifest})

    def portal_jobs(self) -> list[str]:
        items = boto3.client("dynamodb").scan(TableName="tasks")["Items"]
        return sorted({item["pk"]["S"] for item in items if item["sk"]["S"] == "job"})


@pytest.fixture
def stage(functions: Any, monkeypatch: pytest.MonkeyPatch) -> Stage:
    cognito = boto3.client("cognito-idp")
    pool = cognito.create_user_pool(PoolName="workers", UsernameAttributes=["email"])["UserPool"]["Id"]
    cognito.create_group(UserPoolId=pool, GroupName="workers")
    cognito.admin_create_user(UserPoolId=pool, Username="ada@example.com")
    cognito.admin_add_user_to_group(UserPoolId=pool, Username="ada@example.com", GroupName="workers")
    values = {
        "LABELERS": "ground_truth,portal",
        "TASK_TABLE": "tasks",
        "USER_POOL_ID": pool,
        "WORKER_GROUP": "workers",
    }
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    return Stage(functions)


def test_a_run_labels_in_ground_truth_where_the_account_can_use_it(stage: Stage) -> None:
    run, _, job = stage.started()
    assert run["backend"] == "ground_truth"
    assert list(stage.functions.sagemaker.jobs) == [job["name"]]


def test_else_in_the_portal_and_the_preflight_says_why(stage: Stage) -> None:
    stage.close()
    run, told = stage.checked()
    assert run["backend"] == "portal"
    assert told[0].startswith("back end: portal, for it can be used and others cannot: ground_truth: ")
    assert "closed to new customers since 2026-07-30" in told[0]


def test_a_second_execution_goes_where_the_first_was_whatever_the_account_can_use_now(stage: Stage) -> None:
    stage.close()
    _, _, job = stage.started()
    stage.open()
    run, _, again = stage.started("execution-2")
    assert (run["backend"], again) == ("portal", {"name": job["name"], "created_here": False})
    assert not stage.functions.sagemaker.jobs
    assert stage.checked("execution-3", run_id="run-2")[0]["backend"] == "ground_truth"


def test_a_run_whose_account_was_closed_meanwhile_does_not_begin_again_elsewhere(stage: Stage) -> None:
    stage.started()
    stage.close()
    with pytest.raises(PreflightFailed, match="closed to new customers"):
        stage.checked("execution-2")
    with pytest.raises(InvalidInput, match="labels in ground_truth, and the answers of one run stay in one place"):
        stage.checked("execution-3", backend="portal")
    assert not stage.portal_jobs()


def test_a_preflight_that_failed_has_decided_nothing(stage: Stage) -> None:
    stage.functions.s3.delete_bucket_cors(Bucket="data-bucket")
    with pytest.raises(PreflightFailed, match="no CORS rule"):
        stage.checked()
    ledger = DynamoLedger(boto3.client("dynamodb"), "ledger")
    assert ledger.backend("faces", "run-1") is None


def test_the_runs_input_names_the_backend(stage: Stage) -> None:
    run, told = stage.checked(backend="portal")
    assert run["backend"] == "portal"
    assert told[0] == "back end: portal, for the run's input names it"
    with pytest.raises(InvalidInput, match="this stage has no label_studio"):
        stage.checked(run_id="run-2", backend="label_studio")


def test_of_two_executions_at_once_the_second_follows_the_first(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """The other one decides between this one's look and its own decision."""
    stage.close()
    kept = DynamoLedger.keep_backend

    def other_first(ledger: DynamoLedger, dataset: str, run_id: str, backend: str) -> str:
        kept(ledger, dataset, run_id, "ground_truth")
        return kept(ledger, dataset, run_id, backend)

    monkeypatch.setattr(DynamoLedger, "keep_backend", other_first)
    assert stage.checked()[0]["backend"] == "ground_truth"
    with pytest.raises(InvalidInput, match="stay in one place"):
        stage.checked("execution-2", run_id="run-2", backend="portal")


@pytest.mark.parametrize("closed", [False, True])
def test_an_execution_that_is_stopped_stops_the_job_where_it_is(stage: Stage, *, closed: bool) -> None:
    """Step Functions' event holds the execution's own input, which names no back end."""
    if closed:
        stage.close()
    run, manifest, job = stage.started()
    waiting = {"run": run, "manifest": manifest, "job": job, "token": "A" * 600}
    assert stage.functions("await_labeling", waiting) == {"woken": False}
    ended = stopped_execution("execution-1", **any_label_input())
    assert stage.functions("execution_ended", ended) == {"outcome": "stopping"}
    assert stage.functions.sagemaker.stopped == ([] if closed else [job["name"]])
    progress = stage.functions("poll_labeling", {"run": run, "job": job})
    assert progress["status"] == ("Stopped" if closed else "InProgress")  # AWS needs a while


def test_the_end_of_a_job_is_looked_up_where_the_job_is(stage: Stage) -> None:
    run, manifest, job = stage.started()
    waiting = {"run": run, "manifest": manifest, "job": job, "token": "A" * 600}
    stage.functions("await_labeling", waiting)
    assert stage.functions("labeling_ended", event_of(job["name"])) == {"outcome": "not over"}
    finish(stage.functions, job["name"], manifest)
    progress = stage.functions("poll_labeling", {"run": run, "job": job})
    given = {"run": run, "manifest": manifest, "job": job, "progress": progress}
    assert stage.functions("collect_labels", given)["backend"] == "ground_truth"
    assert stage.functions("labeling_ended", event_of(job["name"]))["outcome"] == "labels kept"
    assert stage.functions("stop_labeling", {"run": run}) == {"stopped": False}


def test_a_run_that_the_portal_had_before_the_stage_got_ground_truth_stays_there(stage: Stage) -> None:
    """Nothing was decided then: its files are there, and no decision."""
    given = {"kind": "label", "execution": "execution-1", "input": any_label_input()}
    run = {**stage.functions("validate_input", given), "backend": "auto"}
    manifest = stage.functions("build_manifest", {"run": run})
    job = stage.functions("start_labeling", {"run": run, "manifest": manifest})
    assert stage.functions("poll_labeling", {"run": run, "job": job})["status"] == "InProgress"
    assert stage.checked("execution-2")[0]["backend"] == "portal"
    assert not stage.functions.sagemaker.jobs


def test_a_job_in_a_backend_that_is_gone_is_told_and_not_made_again(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    run, _, job = stage.started()
    monkeypatch.setenv("LABELERS", "portal")
    entry.loaded.cache_clear()
    with pytest.raises(InvalidSettings, match=r"no labeling back end 'ground_truth' \(any more\), only portal"):
        stage.functions("poll_labeling", {"run": run, "job": job})
    with pytest.raises(InvalidInput, match="which this stage has no more"):
        stage.checked("execution-2")
