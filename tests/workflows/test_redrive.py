"""A run that failed for good in any of its states goes on by a redrive, once the cause is mended, and publishes once.

What a redrive does with each kind of state: https://docs.aws.amazon.com/step-functions/latest/dg/redrive-executions.html
"""

from __future__ import annotations

import json
import random
from typing import Any

import pytest

from tests.support.builders.runs import any_augment_input, any_label_input
from tests.workflows.machines import definition_of
from tests.workflows.simulated.account import Account
from tests.workflows.simulated.execution import Execution
from tests.workflows.simulated.faults import Faults
from tests.workflows.simulated.paths import BEFORE, DENIED, HARMLESS, NOT_COME_TO
from tests.workflows.simulated.queries import AVAILABLE
from tests.workflows.simulated.world import IMAGES, label_before, new_account

pytestmark = pytest.mark.skipif(not AVAILABLE, reason="the local cloud's environment is missing: make setup")

INPUTS: dict[str, Any] = {
    "label": any_label_input(instances=1),
    "assist": any_label_input(instances=1, assist={"target": 0.9}),
    "augment": any_augment_input(run_id="run-1", instances=2),
    "pipeline": any_label_input(instances=2),
}
TASKS = sorted(
    f"{machine}/{name}"
    for machine in INPUTS
    for name, state in definition_of(machine)["States"].items()
    if state["Type"] == "Task" and f"{machine}/{name}" not in HARMLESS | NOT_COME_TO
)


def any_account() -> Account:
    account = new_account(Faults(random.Random(7)))
    label_before(account)
    return account


def ended(account: Account, execution: Execution | None) -> Execution:
    assert execution is not None
    account.run(until=lambda: not account.running)
    return execution


@pytest.mark.parametrize("task", TASKS)
def test_a_run_that_failed_for_good_goes_on_when_it_is_mended_and_publishes_once(task: str) -> None:
    account, machine = any_account(), task.split("/")[0]
    given = INPUTS["assist"] if task == "pipeline/Assist" else INPUTS[machine]
    account.broken = {task: DENIED, **BEFORE.get(task, {})}
    execution = ended(account, account.start(machine, "e-1", given))
    assert (execution.status, bool(execution.error), bool(execution.cause)) == ("FAILED", True, True)
    account.broken = {}
    account.redrive(execution)
    ended(account, execution)
    assert execution.status == "SUCCEEDED", (execution.error, execution.cause)
    assert_done_once(account, machine)


def assert_done_once(account: Account, machine: str) -> None:
    marks = [key for key in account.store.objects if key.endswith("_SUCCESS")]
    assert len(marks) == (1 if machine in ("augment", "pipeline") else 0)
    assert account.ledger.lease("faces") is None
    if machine != "augment":
        rows = [json.loads(line) for line in account.store.read("labels/faces/run-1/labels.jsonl").splitlines()]
        assert sorted(row["source"] for row in rows) == IMAGES
    assert not [name for name, job in account.labeler.jobs.items() if job.status == "InProgress"]


@pytest.mark.parametrize("status", ["ABORTED", "TIMED_OUT"])
@pytest.mark.parametrize("machine", INPUTS)
@pytest.mark.parametrize("after", [0, 300, 1500, 4000])
def test_an_execution_that_was_stopped_or_timed_out_goes_on_where_it_was(
    machine: str, after: float, status: str
) -> None:
    account = any_account()
    execution = account.start(machine, "e-1", INPUTS[machine])
    assert execution is not None
    account.run(seconds=after)
    account.stop(execution, status)
    account.run(seconds=3600)
    if execution.status == "SUCCEEDED":
        return  # it was quicker
    account.redrive(execution)
    ended(account, execution)
    if execution.error == "NothingLabeled":  # the stop closed the labeling job before anybody had answered
        assert "Start again under another run_id" in execution.cause
        given = {**INPUTS[machine], "run_id": "run-2"}
        execution = ended(account, account.start(machine, "e-2", given))
        assert execution.status == "SUCCEEDED"
        return
    assert execution.status == "SUCCEEDED", (execution.error, execution.cause)
    assert_done_once(account, machine)


def test_a_redrive_before_the_cause_is_mended_fails_again_with_the_same_words_and_another_one_goes_on() -> None:
    account = any_account()
    account.broken = {"augment/PublishVersion": DENIED}
    execution = ended(account, account.start("augment", "e-1", INPUTS["augment"]))
    told = execution.error, execution.cause
    account.redrive(execution)
    ended(account, execution)
    assert (execution.status, execution.error, execution.cause) == ("FAILED", *told)
    account.broken = {}
    account.redrive(execution)
    assert ended(account, execution).status == "SUCCEEDED"
    assert_done_once(account, "augment")
    assert told == ("AccessDenied", "the role may not")


def test_without_a_redrive_a_failure_is_final() -> None:
    account = any_account()
    account.broken = {"label/Preflight": DENIED}
    execution = ended(account, account.start("label", "e-1", INPUTS["label"]))
    assert execution.visited.count("Failed") == 1
