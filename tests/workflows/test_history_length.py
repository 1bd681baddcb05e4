"""No execution comes near the 25,000 events of a history, however long people take and whatever goes wrong.

https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html; at 24,999 it could not be redriven either.
"""

from __future__ import annotations

import random
from typing import Any

import pytest

from tests.support.builders.runs import any_augment_input, any_label_input
from tests.workflows.machines import ready
from tests.workflows.scripts import ASK, BEGUN, DECIDE_LATER, REPORT, gives, job
from tests.workflows.simulated.account import Account
from tests.workflows.simulated.execution import Execution
from tests.workflows.simulated.faults import Faults
from tests.workflows.simulated.paths import TAKEN
from tests.workflows.simulated.queries import AVAILABLE, TaskError
from tests.workflows.simulated.scripted import HAPPY, Scripted
from tests.workflows.simulated.world import label_before, new_account

pytestmark = pytest.mark.skipif(not AVAILABLE, reason="the local cloud's environment is missing: make setup")

DAY = 86_400.0
ENOUGH = 15_000
"""Of 25,000: what is left is for redrives, and for what nobody has thought of."""
NO_CAPACITY = TaskError("States.TaskFailed", '{"FailureReason": "CapacityError: none left"}')


def events_of(execution: Execution) -> int:
    return sum(execution.events.values())


def thirty_days(account: Account) -> Execution:
    account.answered_in = lambda chance: chance.uniform(29 * DAY, 30 * DAY)
    execution = account.start("label", "e-1", any_label_input(instances=1))
    assert execution is not None
    account.run(until=lambda: not account.running)
    assert account.now - account.began > 29 * DAY
    assert execution.status == "SUCCEEDED"
    return execution


# A back end takes part in no state: each is awaited the same way, by its name in the run.
def test_thirty_days_of_labeling_are_well_below_the_limit() -> None:
    execution = thirty_days(new_account(Faults(random.Random(1))))
    assert 9_000 < events_of(execution) < 9_600
    assert execution.events["TaskTimedOut"] == execution.events["TaskSubmitted"] - 1


def test_so_are_thirty_days_in_which_a_fifth_of_all_invocations_die() -> None:
    assert events_of(thirty_days(new_account(Faults(random.Random(1), death=0.2)))) < ENOUGH


def test_so_are_thirty_days_in_which_nothing_can_be_awaited() -> None:
    account = new_account(Faults(random.Random(1)))
    account.broken = {"label/WaitForWorkers": TaskError("AccessDenied", "the role may not")}
    assert events_of(thirty_days(account)) < ENOUGH


def script(**changed: Any) -> dict[str, Any]:
    return {**HAPPY, **{name.replace("__", "/"): value for name, value in changed.items()}}


LOOPS: dict[str, tuple[str, Scripted]] = {
    "two hundred rounds, each with a job": (
        "assist",
        Scripted(
            script={**HAPPY, "assist/NextRound": gives(*[one for _ in range(200) for one in (DECIDE_LATER, ASK)])}
        ),
    ),
    "a round's job that stays pending": (
        "assist",
        Scripted(
            {"assist/Decide": (TAKEN, None)},
            {**HAPPY, "assist/DescribeJob": gives(job("InProgress", DECIDE_LATER["output_uri"]))},
        ),
    ),
    "rounds without a machine": ("assist", Scripted({"assist/Decide": (NO_CAPACITY, None)})),
    "a job that stays pending": (
        "augment",
        Scripted({"augment/Augment": (TAKEN, None)}, {**HAPPY, "augment/DescribeJob": gives(job("InProgress"))}),
    ),
    "a job of earlier starts that failed": (
        "augment",
        Scripted({"augment/Augment": (TAKEN, None)}, {**HAPPY, "augment/DescribeJob": gives(job("Failed"))}),
    ),
    "no machine is to be had": ("augment", Scripted({"augment/Augment": (NO_CAPACITY, None)})),
    "another run holds the lease": (
        "augment",
        Scripted(
            script={
                **HAPPY,
                "augment/BeginAugmentation": gives({**BEGUN, "outcome": "wait", "result": {"reason": "another run"}}),
            }
        ),
    ),
    "a teardown at its slowest": (
        "teardown",
        Scripted(script={**HAPPY, "teardown/TakeStep": gives(*[{**REPORT, "verdict": "again"}] * (4 * 3600), REPORT)}),
    ),
}


@pytest.mark.parametrize("loop", [name for name in LOOPS if "slowest" not in name])
def test_a_loop_ends_by_itself_far_below_the_limit(loop: str) -> None:
    machine, scripted = LOOPS[loop]
    execution = scripted.run(machine, {"dataset": "faces", "run_id": "demo-1"})
    assert execution.status in ("SUCCEEDED", "FAILED")
    assert execution.error != "States.QueryEvaluationError", execution.cause
    assert events_of(execution) < ENOUGH


def test_four_hours_of_teardown_stay_below_the_limit() -> None:
    """Its pause grows to 30 seconds, and each step takes its time; after 4 hours it gives up."""
    waiting = [{**REPORT, "verdict": "again", "pause": pause} for pause in (1, 2, 4, 8, 16)]
    steady = [{**REPORT, "verdict": "again", "pause": 30}] * (4 * 3600 // 30)
    scripted = Scripted(script={**HAPPY, "teardown/TakeStep": gives(*waiting, *steady, REPORT)})
    execution = scripted.run("teardown", {})
    assert scripted.waited >= 4 * 3600
    assert events_of(execution) < 5_000


def test_a_job_that_stays_pending_is_given_up_by_name() -> None:
    machine, scripted = LOOPS["a job that stays pending"]
    execution = Scripted(scripted.wrong, scripted.script).run(machine, {"dataset": "faces", "run_id": "demo-1"})
    assert execution.error == "ProcessingJobStuck"
    assert "StopJob" in execution.visited
    assert BEGUN["job_name"] in execution.cause


def test_a_pipeline_is_short() -> None:
    execution = Scripted().run("pipeline", {"dataset": "faces", "run_id": "demo-1"})
    assert events_of(execution) < 40


@pytest.mark.parametrize("machine", ["label", "assist", "augment", "pipeline", "teardown"])
def test_no_machine_runs_longer_than_a_year_and_each_outlives_what_it_waits_for(machine: str) -> None:
    definition = ready(machine)
    assert definition["TimeoutSeconds"] <= 365 * DAY
    for name, state in definition["States"].items():
        assert state.get("TimeoutSeconds", 0) <= definition["TimeoutSeconds"], name
        child = str(state.get("Arguments", {}).get("StateMachineArn", "")).rpartition(":")[2]
        if child:
            assert ready(child)["TimeoutSeconds"] < state["TimeoutSeconds"], name


def test_no_task_waits_for_a_heartbeat_that_nobody_sends() -> None:
    for machine in ("label", "assist", "augment", "pipeline", "teardown"):
        for name, state in ready(machine)["States"].items():
            assert "HeartbeatSeconds" not in state, f"{machine}/{name}"


def test_the_events_are_counted_as_step_functions_writes_them() -> None:
    """A lambda:invoke: entered, scheduled, started, succeeded, exited. https://docs.aws.amazon.com/step-functions/latest/dg/
    concepts-view-execution-details.html"""
    account = new_account(Faults(random.Random(1)))
    label_before(account)
    execution = account.start("augment", "e-1", any_augment_input(run_id="run-1", instances=1))
    assert execution is not None
    account.run(until=lambda: not account.running)
    tasks = execution.events["TaskStateEntered"]
    assert (
        execution.events["TaskScheduled"]
        == execution.events["TaskStarted"]
        == execution.events["TaskSucceeded"]
        == tasks
    )
    assert execution.events["TaskSubmitted"] == 1  # the processing job
    assert execution.events["ExecutionStarted"] == execution.events["ExecutionSucceeded"] == 1
