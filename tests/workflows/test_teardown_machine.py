"""The teardown machine as a document and on the local cloud's interpreter, with scripted steps."""

from __future__ import annotations

import json
from typing import Any

import pytest
from cfnlint.api import lint_all

from domain.teardown.progress import Memory
from tests.workflows import machines
from tests.workflows.machines import INTERPRETER, PLACEHOLDER, Case, Seen, definition_of, text_of
from tests.workflows.scripts import fails, gives

on_interpreter = pytest.mark.skipif(not INTERPRETER.exists(), reason="the local cloud's environment is missing")
STEP, NOTIFY = "teardown/TakeStep", "teardown/NotifyFailure"


def report(verdict: str, *, pause: int = 1, deleted: tuple[str, ...] = (), **more: Any) -> dict[str, Any]:
    memory = Memory(pause=pause, deleted=deleted, deleted_count=len(deleted)).model_dump(mode="json")
    defaults = {"left": 1, "waiting_for": [], "stuck": [], "cause": ""}
    return {"verdict": verdict, "done": verdict == "empty", "pause": pause, "memory": memory, **defaults, **more}


LEFT = "Teardown gave up, no progress for 2700 s. Left: app a: is Pending."
STEPS = [report("again"), report("again", pause=2), report("again", pause=4), report("empty", deleted=("app a",))]
LISTED = report("listed", waiting_for=[{"name": "app a", "reason": "would be deleted"}])
THROTTLED = [{"error": "Lambda.TooManyRequestsException", "cause": "Rate exceeded"}]
CASES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "steps": ({STEP: gives(*STEPS)}, {}),
    "nothing there": ({STEP: gives(report("empty"))}, {}),
    "gave up": ({STEP: gives(report("again"), report("gave-up", cause=LEFT))}, {}),
    "invalid": ({STEP: fails("InvalidInput", "input.dryrun: is not known")}, {}),
    "unheard": ({STEP: gives(report("gave-up", cause=LEFT)), NOTIFY: [{"error": "SNS.Down"}]}, {}),
    "throttled": ({STEP: [*THROTTLED * 3, *gives(report("empty"))]}, {}),
    "dry run": ({STEP: gives(LISTED)}, {"dry_run": True}),
}


@pytest.fixture(scope="module")
def seen() -> dict[str, Seen]:
    """All executions, run in one process."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(machines, "NAMES", ("teardown",))
        cases = [Case("teardown", {NOTIFY: gives({}), **script}, request) for script, request in CASES.values()]
        return dict(zip(CASES, machines.run(cases), strict=True))


def test_cfn_lint_finds_no_fault_in_the_language() -> None:
    definition = text_of("teardown")
    properties = {
        "RoleArn": "arn:aws:iam::123456789012:role/machine",
        "DefinitionString": definition,
        "DefinitionSubstitutions": dict.fromkeys(PLACEHOLDER.findall(definition), "value"),
    }
    resource = {"Type": "AWS::StepFunctions::StateMachine", "Properties": properties}
    found = lint_all(json.dumps({"Resources": {"Machine": resource}}))
    assert [str(match) for match in found if match.rule.id[0] in "EW"] == []


def test_it_names_only_what_the_stack_provides() -> None:
    assert set(PLACEHOLDER.findall(text_of("teardown"))) == {"TeardownStepFunctionArn", "TopicArn", "Stage"}


def test_every_task_ends_retries_with_jitter_and_is_caught() -> None:
    tasks = [state for state in definition_of("teardown")["States"].values() if state["Type"] == "Task"]
    assert len(tasks) == 3
    for state in tasks:
        assert state["TimeoutSeconds"] > 0
        assert all(retrier["JitterStrategy"] == "FULL" for retrier in state["Retry"])
        assert state["Catch"][-1]["ErrorEquals"] == (["Redriven"] if "sfn:" in state["Resource"] else ["States.ALL"])


def test_the_machine_outlives_the_time_after_which_a_step_gives_up() -> None:
    assert definition_of("teardown")["TimeoutSeconds"] > 4 * 3600 + 330


@on_interpreter
def test_it_steps_with_growing_pauses_until_nothing_is_left_and_hands_the_memory_on(seen: dict[str, Seen]) -> None:
    steps = seen["steps"]
    assert steps.status == "SUCCEEDED"
    assert steps.output == {"outcome": "empty", "deleted": ["app a"], "deleted_count": 1}
    assert steps.waits == [1, 2, 4]
    payloads = [arguments["Payload"] for arguments in steps.arguments(STEP)]
    assert [payload["memory"] for payload in payloads] == [{}, *(answer["memory"] for answer in STEPS[:3])]
    assert all(payload["input"] == {} for payload in payloads)
    assert steps.arguments(NOTIFY) == []


@on_interpreter
def test_an_empty_account_gives_an_empty_list_of_deletions(seen: dict[str, Seen]) -> None:
    assert seen["nothing there"].output == {"outcome": "empty", "deleted": [], "deleted_count": 0}


@on_interpreter
def test_it_tells_each_step_which_machine_asks(seen: dict[str, Seen]) -> None:
    payload = seen["nothing there"].arguments(STEP)[0]["Payload"]
    assert payload["machine"].endswith(":stateMachine:teardown")
    assert payload["execution"].startswith("case-")


@on_interpreter
def test_giving_up_is_told_and_fails_with_the_left_overs_by_name(seen: dict[str, Seen]) -> None:
    gave_up = seen["gave up"]
    assert (gave_up.status, gave_up.error, gave_up.cause) == ("FAILED", "TeardownIncomplete", LEFT)
    message = json.loads(gave_up.arguments(NOTIFY)[0]["Message"])
    assert (message["error"], message["cause"]) == ("TeardownIncomplete", LEFT)


@on_interpreter
def test_a_failing_step_is_told_and_fails_with_the_errors_own_message(seen: dict[str, Seen]) -> None:
    invalid = seen["invalid"]
    assert (invalid.status, invalid.error, invalid.cause) == ("FAILED", "InvalidInput", "input.dryrun: is not known")
    assert len(invalid.arguments(NOTIFY)) == 1


@on_interpreter
def test_a_lost_notification_does_not_hide_the_failure(seen: dict[str, Seen]) -> None:
    unheard = seen["unheard"]
    assert (unheard.status, unheard.error, unheard.cause) == ("FAILED", "TeardownIncomplete", LEFT)


@on_interpreter
def test_a_throttled_step_is_tried_again(seen: dict[str, Seen]) -> None:
    assert seen["throttled"].status == "SUCCEEDED"
    assert len(seen["throttled"].arguments(STEP)) == 4


@on_interpreter
def test_a_dry_run_lists_and_ends(seen: dict[str, Seen]) -> None:
    assert seen["dry run"].arguments(STEP)[0]["Payload"]["input"] == {"dry_run": True}
    assert seen["dry run"].output == {
        "outcome": "listed",
        "left": 1,
        "would_delete": [{"name": "app a", "reason": "would be deleted"}],
        "not_listed": [],
    }


@on_interpreter
def test_every_state_is_reached(seen: dict[str, Seen]) -> None:
    reached = {state for one in seen.values() for state in one.states["teardown"]}
    assert reached == set(definition_of("teardown")["States"])
