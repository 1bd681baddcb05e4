"""The teardown machine as a document and on the local cloud's interpreter, with scripted steps."""

from __future__ import annotations

import json
from typing import Any

import pytest
from cfnlint.api import lint_all

from domain.teardown_progress import Memory
from tests.workflows import machines
from tests.workflows.machines import INTERPRETER, PLACEHOLDER, Case, Seen, definition_of, text_of
from tests.workflows.scripts import fails, gives

on_interpreter = pytest.mark.skipif(not INTERPRETER.exists(), reason="the local cloud's environment is missing")
STEP, NOTIFY = "teardown/TakeStep", "teardown/NotifyFailure"


def report(verdict: str, *, pause: int = 1, deleted: tuple[str, ...] = (), **more: Any) -> dict[str, Any]:
    memory = Memory(pause=pause, deleted=deleted, deleted_count=len(deleted)).model_dump(mode="json")
    defaults = {"left": 1, "waiting_for": [], "stuck": [], "cause": ""}
    return {"verdict": verdict, "done": verdict == "empty", "pause": pause, "memory": memory, **defaults, **more}


@pytest.fixture
def execute(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Run one execution with scripted answers."""
    monkeypatch.setattr(machines, "NAMES", ("teardown",))

    def one(script: dict[str, Any], request: dict[str, Any] | None = None) -> Seen:
        return machines.run([Case("teardown", {NOTIFY: gives({}), **script}, request or {})])[0]

    return one


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
    assert len(tasks) == 2
    for state in tasks:
        assert state["TimeoutSeconds"] > 0
        assert all(retrier["JitterStrategy"] == "FULL" for retrier in state["Retry"])
        assert state["Catch"][-1]["ErrorEquals"] == ["States.ALL"]


def test_the_machine_outlives_the_time_after_which_a_step_gives_up() -> None:
    assert definition_of("teardown")["TimeoutSeconds"] > 4 * 3600 + 330


@on_interpreter
def test_it_steps_with_growing_pauses_until_nothing_is_left_and_hands_the_memory_on(execute: Any) -> None:
    answers = [report("again"), report("again", pause=2), report("again", pause=4), report("empty", deleted=("app a",))]
    seen = execute({STEP: gives(*answers)})
    assert seen.status == "SUCCEEDED"
    assert seen.output == {"outcome": "empty", "deleted": ["app a"], "deleted_count": 1}
    assert seen.waits == [1, 2, 4]
    memories = [arguments["Payload"]["memory"] for arguments in seen.arguments(STEP)]
    assert memories == [{}, *(answer["memory"] for answer in answers[:3])]
    assert all(arguments["Payload"]["input"] == {} for arguments in seen.arguments(STEP))
    assert seen.arguments(NOTIFY) == []


@on_interpreter
def test_an_empty_account_gives_an_empty_list_of_deletions(execute: Any) -> None:
    assert execute({STEP: gives(report("empty"))}).output == {"outcome": "empty", "deleted": [], "deleted_count": 0}


@on_interpreter
def test_it_tells_each_step_which_machine_asks(execute: Any) -> None:
    payload = execute({STEP: gives(report("empty"))}).arguments(STEP)[0]["Payload"]
    assert payload["machine"].endswith(":stateMachine:teardown")
    assert payload["execution"].startswith("case-")


@on_interpreter
def test_giving_up_is_told_and_fails_with_the_left_overs_by_name(execute: Any) -> None:
    cause = "Teardown gave up, no progress for 2700 s. Left: app a: is Pending."
    seen = execute({STEP: gives(report("again"), report("gave-up", cause=cause))})
    assert (seen.status, seen.error, seen.cause) == ("FAILED", "TeardownIncomplete", cause)
    message = json.loads(seen.arguments(NOTIFY)[0]["Message"])
    assert message["error"] == "TeardownIncomplete"
    assert message["cause"] == cause


@on_interpreter
def test_a_failing_step_is_told_and_fails_with_the_errors_own_message(execute: Any) -> None:
    seen = execute({STEP: fails("InvalidInput", "input.dryrun: is not known")})
    assert (seen.status, seen.error, seen.cause) == ("FAILED", "InvalidInput", "input.dryrun: is not known")
    assert len(seen.arguments(NOTIFY)) == 1


@on_interpreter
def test_a_lost_notification_does_not_hide_the_failure(execute: Any) -> None:
    seen = execute({STEP: gives(report("gave-up", cause="Left: app a")), NOTIFY: [{"error": "SNS.Down"}]})
    assert (seen.status, seen.error, seen.cause) == ("FAILED", "TeardownIncomplete", "Left: app a")


@on_interpreter
def test_a_throttled_step_is_tried_again(execute: Any) -> None:
    throttled = [{"error": "Lambda.TooManyRequestsException", "cause": "Rate exceeded"}]
    seen = execute({STEP: [*throttled * 3, *gives(report("empty"))]})
    assert seen.status == "SUCCEEDED"
    assert len(seen.arguments(STEP)) == 4


@on_interpreter
def test_a_dry_run_lists_and_ends(execute: Any) -> None:
    listed = report("listed", waiting_for=[{"name": "app a", "reason": "would be deleted"}])
    seen = execute({STEP: gives(listed)}, {"dry_run": True})
    assert seen.arguments(STEP)[0]["Payload"]["input"] == {"dry_run": True}
    assert seen.output == {
        "outcome": "listed",
        "left": 1,
        "would_delete": [{"name": "app a", "reason": "would be deleted"}],
        "not_listed": [],
    }
