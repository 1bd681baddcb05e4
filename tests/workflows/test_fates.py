"""Every task meets every error that it can get: retried, caught and cleaned up, told in words; never silently lost."""

from __future__ import annotations

import pytest

from tests.workflows.simulated.execution import TERMINAL
from tests.workflows.simulated.fates import BEGIN, END, PAGE, Fate, all_fates, table, tasks
from tests.workflows.simulated.paths import HARMLESS
from tests.workflows.simulated.queries import AVAILABLE

pytestmark = pytest.mark.skipif(not AVAILABLE, reason="the local cloud's environment is missing: make setup")

GO_ON = HARMLESS | {"label/AskAgain"}
NEVER_SILENT = {"NotifyFailure", "Failed"}


@pytest.fixture(scope="module")
def fates() -> list[Fate]:
    return all_fates()


def test_every_task_meets_many_errors(fates: list[Fate]) -> None:
    assert {one.state for one in fates} == set(tasks())
    assert len(fates) > 1_000
    for state in tasks():
        assert sum(one.state == state for one in fates) >= 10


def test_the_page_says_what_the_definitions_do(fates: list[Fate]) -> None:
    text = PAGE.read_text(encoding="utf-8")
    said = text[text.index(BEGIN) + len(BEGIN) : text.index(END)].strip()
    assert said == table(fates), "run: python -m tests.workflows.simulated.fates"


def test_only_what_a_run_can_do_without_may_fail_for_good_and_the_run_succeed(fates: list[Fate]) -> None:
    adopted = {
        ("SageMaker.ResourceInUseException", f"{machine}/{name}")
        for machine, name in (("assist", "Decide"), ("augment", "Augment"))
    }
    for one in fates:
        if one.status == "SUCCEEDED":
            assert one.state in GO_ON or (one.error.error, one.state) in adopted, one


def test_a_failure_is_told_with_data_set_run_cause_and_what_to_do(fates: list[Fate]) -> None:
    for one in fates:
        if one.status == "SUCCEEDED" or one.error.error in TERMINAL or one.state.split("/")[1] in NEVER_SILENT:
            continue
        [message] = one.told
        assert message["error"] == one.ends_as
        assert message["cause"] == one.cause
        assert message["cause"], one
        assert not message["cause"].startswith("{"), one
        assert "redrive-execution --execution-arn arn:" in message["to_do"]
        assert "get-execution-history" in message["to_look"]
        if not one.state.startswith("teardown/"):
            assert (message["dataset"], message["run"]) == ("faces", "demo-1")


def test_an_error_that_nothing_catches_ends_the_run_under_its_own_name(fates: list[Fate]) -> None:
    for one in fates:
        if one.error.error in TERMINAL:
            assert (one.status, one.ends_as) == ("FAILED", one.error.error), one


def test_what_was_begun_is_ended(fates: list[Fate]) -> None:
    """The lease is given back, the labeling job closed, the processing job stopped."""
    for one in fates:
        if one.status == "SUCCEEDED" or one.error.error in TERMINAL:
            continue
        if one.state in (
            "augment/BeginAugmentation",
            "augment/Augment",
            "augment/PublishVersion",
            "augment/DescribeJob",
        ):
            assert "EndAfterFailure" in one.by, one
        if one.state in ("label/StartLabeling", "label/PollLabeling"):
            assert "StopLabeling" in one.by, one
        if one.state in ("augment/Augment", "assist/Decide") and one.error.error == "States.Timeout":
            assert "StopJob" in one.by, one


PASSING = (
    "Lambda.ServiceException",
    "Lambda.TooManyRequestsException",
    "Lambda.SdkClientException",
    "ServiceUnavailable",
)
PASSING += ("Lambda.Unknown", "Runtime.ExitError", "Runtime.OutOfMemory", "Sandbox.Timedout")
PASSING += ("StepFunctions.ThrottlingException", "SageMaker.SdkClientException")


def test_an_error_that_passes_does_not_end_a_run(fates: list[Fate]) -> None:
    for one in fates:
        if one.error.error in PASSING or "ThrottlingException" in one.error.cause:
            assert one.once == "goes on", one
            assert one.tries > 2 or one.state in GO_ON, one
