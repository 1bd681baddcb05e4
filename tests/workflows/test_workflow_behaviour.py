"""The workflows, run on the local cloud's interpreter: every state is reached, every Catch is taken."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import Any

import pytest

from domain.workflow.inputs import parse
from domain.workflow.states import CollectRequest
from tests.workflows.machines import INTERPRETER, NAMES, Case, Seen, definition_of, run
from tests.workflows.scripts import (
    ASK,
    ASSIST,
    ASSIST_RUN,
    ASSISTED,
    AUGMENT,
    BEGUN,
    DECIDE,
    DECIDE_LATER,
    DONE,
    LABEL,
    LABELS,
    MANIFEST,
    PIPELINE,
    PUBLISHED,
    ROUNDS,
    RUN,
    Script,
    fails,
    gives,
    job,
)

pytestmark = pytest.mark.skipif(not INTERPRETER.exists(), reason="the local cloud's environment is missing: make setup")


def generic(code: str) -> dict[str, str]:
    """SageMaker's error as the optimized integration names those that it has no name for."""
    cause = f"No. (Service: AmazonSageMaker; Status Code: 400; Error Code: {code})"
    return {"error": "SageMaker.AmazonSageMakerException", "cause": cause}


IN_USE = [{"error": "SageMaker.ResourceInUseException", "cause": "name is taken"}]
NO_CAPACITY = [{"error": "States.TaskFailed", "cause": json.dumps({"FailureReason": "CapacityError: no ml.c7i left"})}]
OVER_LIMIT = [{"error": "SageMaker.ResourceLimitExceededException", "cause": "limit of ml.c7i instances is 1"}]
NO_QUOTA = [
    {
        "error": "SageMaker.ResourceLimitExceededException",
        "cause": "The account-level service limit 'ml.m5.xlarge for processing job usage' is 0 Instances, with current "
        "utilization of 0 Instances and a request delta of 2 Instances. Please use AWS Service Quotas to request an "
        "increase for this quota. (Service: SageMaker, Status Code: 400)",
    }
]
# https://docs.aws.amazon.com/sagemaker/latest/dg/byoc-metadata.html: what the container wrote is the ExitMessage.
EXPLAINED = {
    "FailureReason": "AlgorithmError: See job logs for more information",
    "ExitMessage": "labels.jsonl is empty",
}
SAID_WHY = [{"error": "States.TaskFailed", "cause": json.dumps(EXPLAINED)}]
SAID_NOTHING = [{"error": "States.TaskFailed", "cause": json.dumps({**EXPLAINED, "ExitMessage": ""})}]
CRASHED = [{"error": "States.TaskFailed", "cause": json.dumps({"FailureReason": "AlgorithmError: exit code 1"})}]
ANSWERED = {"status": "Answered", "finished": True, "labeled": 2}
TIMEOUT = [{"error": "States.Timeout"}]
SKIPPED = {**BEGUN, "outcome": "skipped", "result": {"outcome": "skipped", "reason": "run 'x' holds the lease"}}
HELD = {**BEGUN, "outcome": "wait", "result": {"outcome": "skipped", "reason": "run 'x' holds the lease"}}
ALREADY = {**BEGUN, "outcome": "already-published", "result": {**PUBLISHED, "outcome": "already-published"}}
DONE_ROUNDS = {"outcome": "done"}
NO_LABELS = {**LABELS, "counts": {"objects": 3, "labeled": 0, "unlabeled": 3, "rejected": 0}}

SEVERAL = {
    **BEGUN,
    "fingerprint_job": "kempelen-dev-fingerprint-faces-99887766",
    "fingerprint_arguments": ["fingerprint"],
}
FINGERPRINTS = f"{BEGUN['config_uri']}fingerprints/"

CASES: dict[str, tuple[str, Script]] = {
    "label": ("label", {}),
    "label polls": (
        "label",
        {
            "label/WaitForWorkers": TIMEOUT,
            "label/PollLabeling": gives({"finished": False}, {"finished": False}, {"finished": True}),
        },
    ),
    "label is woken by an older release": ("label", {"label/WaitForWorkers": gives({}, DONE)}),
    "label waits long": (
        "label",
        {
            "label/WaitForWorkers": [*TIMEOUT * 40, *gives(DONE)],
            "label/PollLabeling": gives({"finished": False}),
        },
    ),
    "label is told nothing": ("label", {"label/WaitForWorkers": TIMEOUT}),
    "label is not told": (
        "label",
        {
            "label/WaitForWorkers": fails("AccessDenied"),
            "label/PollLabeling": gives({"finished": False}, {"finished": False}, {"finished": True}),
        },
    ),
    "label asks nobody": ("label", {"label/BuildManifest": gives({**MANIFEST, "accepted": 0, "reused": 2})}),
    "label invalid": ("label", {"label/ValidateInput": fails("InvalidInput", "task.labels: is required")}),
    "label preflight": ("label", {"label/Preflight": fails("PreflightFailed", "1 of 6 checks failed")}),
    "label manifest": ("label", {"label/BuildManifest": fails("NoUsableObjects")}),
    "label start": ("label", {"label/StartLabeling": fails("LabelingJobConflict")}),
    "label poll": (
        "label",
        {"label/WaitForWorkers": TIMEOUT, "label/PollLabeling": fails("AccessDenied", "no rights")},
    ),
    "label stop": (
        "label",
        {
            "label/WaitForWorkers": TIMEOUT,
            "label/PollLabeling": fails("AccessDenied"),
            "label/StopLabeling": fails("AwsError"),
        },
    ),
    "label asks again": ("label", {"label/WaitForWorkers": gives(ANSWERED, ANSWERED, DONE)}),
    "label polls and asks again": (
        "label",
        {"label/WaitForWorkers": [*TIMEOUT, *gives(DONE)], "label/PollLabeling": gives(ANSWERED)},
    ),
    "label cannot ask again": (
        "label",
        {"label/WaitForWorkers": gives(ANSWERED), "label/AskAgain": fails("AwsError")},
    ),
    "label collect": ("label", {"label/CollectLabels": fails("LabelingFailed")}),
    "label throttled": (
        "label",
        {"label/Preflight": [*fails("ServiceUnavailable") * 2, *gives({"checks": [], "backend": "portal"})]},
    ),
    "label unheard": ("label", {"label/NotifyLabeled": [{"error": "SNS.Down"}]}),
    "label lost": (
        "label",
        {"label/Preflight": fails("PreflightFailed"), "label/NotifyFailure": [{"error": "SNS.Down"}]},
    ),
    "augment": ("augment", {}),
    "augment skipped": ("augment", {"augment/BeginAugmentation": gives(SKIPPED)}),
    "augment waits its turn": ("augment", {"augment/BeginAugmentation": [*gives(HELD) * 3, *gives(BEGUN)]}),
    "augment waits in vain": ("augment", {"augment/BeginAugmentation": gives(HELD)}),
    "augment again": ("augment", {"augment/BeginAugmentation": gives(ALREADY)}),
    "augment invalid": ("augment", {"augment/ValidateInput": fails("InvalidInput", "window: is no time")}),
    "augment begin": ("augment", {"augment/BeginAugmentation": fails("NoLabels")}),
    "augment in use": ("augment", {"augment/Augment": IN_USE}),
    "augment adopt": (
        "augment",
        {"augment/Augment": IN_USE, "augment/DescribeJob": gives(job("InProgress"), job("Stopping"), job("Completed"))},
    ),
    "augment foreign": (
        "augment",
        {"augment/Augment": IN_USE, "augment/DescribeJob": gives(job("Completed", "s3://x/y/"))},
    ),
    "augment on several": ("augment", {"augment/BeginAugmentation": gives(SEVERAL)}),
    "augment on several, adopted": (
        "augment",
        {
            "augment/BeginAugmentation": gives(SEVERAL),
            "augment/Augment": [*IN_USE, *gives({})],
            "augment/DescribeJob": gives(job("InProgress", FINGERPRINTS), job("Completed", FINGERPRINTS)),
        },
    ),
    "augment on several, no capacity": (
        "augment",
        {
            "augment/BeginAugmentation": gives(SEVERAL),
            "augment/Augment": [*gives({}), *NO_CAPACITY, *gives({})],
        },
    ),
    "augment failed before": (
        "augment",
        {"augment/Augment": [*IN_USE, *gives({})], "augment/DescribeJob": gives(job("Failed"))},
    ),
    "augment failed often": ("augment", {"augment/Augment": IN_USE, "augment/DescribeJob": gives(job("Failed"))}),
    "augment undescribed": ("augment", {"augment/Augment": IN_USE, "augment/DescribeJob": [{"error": "SageMaker.X"}]}),
    "augment no capacity": ("augment", {"augment/Augment": [*NO_CAPACITY * 2, *gives({})]}),
    "augment over limit": ("augment", {"augment/Augment": [*OVER_LIMIT * 3, *gives({})]}),
    "augment no quota": ("augment", {"augment/Augment": NO_QUOTA}),
    "augment stop throttled": (
        "augment",
        {"augment/Augment": TIMEOUT, "augment/StopJob": [*[generic("ThrottlingException")] * 3, *gives({})]},
    ),
    "label out of memory": (
        "label",
        {"label/CollectLabels": [{"error": "Runtime.ExitError", "cause": "signal: killed"}, *gives(LABELS)]},
    ),
    "augment in use generic": ("augment", {"augment/Augment": [generic("ResourceInUse")]}),
    "augment over limit generic": (
        "augment",
        {"augment/Augment": [*[generic("ResourceLimitExceeded")] * 5, *gives({})]},
    ),
    "augment no capacity ever": ("augment", {"augment/Augment": NO_CAPACITY}),
    "augment crashed": ("augment", {"augment/Augment": CRASHED}),
    "augment said why": ("augment", {"augment/Augment": SAID_WHY}),
    "augment said nothing": ("augment", {"augment/Augment": SAID_NOTHING}),
    "pipeline said why": ("pipeline", {"augment/Augment": SAID_WHY}),
    "augment timed out": ("augment", {"augment/Augment": TIMEOUT, "augment/StopJob": [{"error": "SageMaker.Over"}]}),
    "augment throttled": (
        "augment",
        {"augment/Augment": [{"error": "SageMaker.AmazonSageMakerException", "cause": "Rate exceeded"}, *gives({})]},
    ),
    "augment overtaken": ("augment", {"augment/PublishVersion": fails("LeaseLost", "another run has taken over")}),
    "augment kept": ("augment", {"augment/EndAugmentation": fails("AwsError")}),
    "augment kept after failure": (
        "augment",
        {"augment/PublishVersion": fails("VersionIncomplete"), "augment/EndAfterFailure": fails("AwsError")},
    ),
    "augment unheard": ("augment", {"augment/NotifyPublished": [{"error": "SNS.Down"}]}),
    "augment lost": ("augment", {"augment/Augment": CRASHED, "augment/NotifyFailure": [{"error": "SNS.Down"}]}),
    "assist": ("assist", {}),
    "assist has nothing to ask": ("assist", {"assist/NextRound": gives(DONE_ROUNDS)}),
    "assist goes on": ("assist", {"assist/NextRound": gives(ASK, DECIDE_LATER, DONE_ROUNDS)}),
    "assist has asked before": (
        "assist",
        {"assist/NextRound": gives({"outcome": "answered"}, {"outcome": "answered"}, ASK, DECIDE_LATER, DONE_ROUNDS)},
    ),
    "assist is stopped": ("assist", {"label/CollectLabels": gives({**LABELS, "job_status": "Stopped"})}),
    "assist nobody answers": (
        "assist",
        {"assist/NextRound": gives(ASK), "label/CollectLabels": gives({**LABELS, "answered": 0})},
    ),
    "assist without end": ("assist", {"assist/NextRound": gives(ASK)}),
    "assist invalid": ("assist", {"assist/ValidateInput": fails("InvalidInput", "assist.target: is too high")}),
    "assist preflight": ("assist", {"assist/Preflight": fails("PreflightFailed")}),
    "assist manifest": ("assist", {"assist/BuildManifest": fails("NoUsableObjects")}),
    "assist next": ("assist", {"assist/NextRound": [*gives(DECIDE), *fails("RoundIncomplete", "see the log")]}),
    "assist child fails": ("assist", {"label/Preflight": fails("PreflightFailed", "the prefix is empty")}),
    "assist adopt": (
        "assist",
        {
            "assist/Decide": IN_USE,
            "assist/DescribeJob": gives(job("InProgress", ROUNDS), job("Stopping", ROUNDS), job("Completed", ROUNDS)),
        },
    ),
    "assist foreign": ("assist", {"assist/Decide": IN_USE, "assist/DescribeJob": gives(job("Completed", "s3://x/y/"))}),
    "assist failed before": (
        "assist",
        {"assist/Decide": [*IN_USE, *gives({})], "assist/DescribeJob": gives(job("Failed", ROUNDS))},
    ),
    "assist failed often": ("assist", {"assist/Decide": IN_USE, "assist/DescribeJob": gives(job("Failed", ROUNDS))}),
    "assist undescribed": ("assist", {"assist/Decide": IN_USE, "assist/DescribeJob": [{"error": "SageMaker.X"}]}),
    "assist no capacity": ("assist", {"assist/Decide": [*NO_CAPACITY * 2, *gives({})]}),
    "assist no capacity ever": ("assist", {"assist/Decide": NO_CAPACITY}),
    "assist over limit": ("assist", {"assist/Decide": [*OVER_LIMIT * 3, *gives({})]}),
    "assist no quota": ("assist", {"assist/Decide": NO_QUOTA}),
    "assist said why": ("assist", {"assist/Decide": SAID_WHY}),
    "assist timed out": ("assist", {"assist/Decide": TIMEOUT, "assist/StopJob": [{"error": "SageMaker.X"}]}),
    "assist collect": ("assist", {"assist/CollectRounds": fails("AccessDenied")}),
    "assist unheard": ("assist", {"assist/NotifyLabeled": [{"error": "SNS.Down"}]}),
    "assist lost": (
        "assist",
        {"assist/Preflight": fails("PreflightFailed"), "assist/NotifyFailure": [{"error": "SNS.Down"}]},
    ),
    "pipeline in rounds": ("pipeline", {"pipeline/ValidateInput": gives(ASSIST_RUN)}),
    "pipeline in rounds fails": (
        "pipeline",
        {"pipeline/ValidateInput": gives(ASSIST_RUN), "assist/BuildManifest": fails("NoUsableObjects", "it is empty")},
    ),
    "pipeline": ("pipeline", {}),
    "pipeline invalid": ("pipeline", {"pipeline/ValidateInput": fails("InvalidInput", "dataset: is required")}),
    "pipeline unlabeled": ("pipeline", {"label/CollectLabels": gives(NO_LABELS)}),
    "pipeline label fails": ("pipeline", {"label/Preflight": fails("PreflightFailed", "the prefix is empty")}),
    "pipeline augment fails": (
        "pipeline",
        {"augment/PublishVersion": fails("LeaseLost", "another run has taken over")},
    ),
    "pipeline child refused": (
        "pipeline",
        {
            "pipeline/Label": [{"error": "StepFunctions.ExecutionAlreadyExistsException", "cause": "it exists"}],
            "pipeline/NotifyFailure": [{"error": "SNS.Down"}],
        },
    ),
}
HAPPY: dict[str, Script] = {"label": LABEL, "assist": ASSIST, "augment": AUGMENT, "pipeline": PIPELINE}


@pytest.fixture(scope="module")
def seen() -> dict[str, Seen]:
    cases = [Case(machine, {**HAPPY[machine], **script}, {"given": name}) for name, (machine, script) in CASES.items()]
    return dict(zip(CASES, run(cases), strict=True))


def payload(arguments: dict[str, Any]) -> Any:
    return arguments["Payload"]


@pytest.mark.parametrize("machine", NAMES)
def test_every_state_is_reached(seen: dict[str, Seen], machine: str) -> None:
    reached = {state for one in seen.values() for state in one.states.get(machine, [])}
    assert reached == set(definition_of(machine)["States"])


@pytest.mark.parametrize("machine", NAMES)
def test_every_catch_is_taken(seen: dict[str, Seen], machine: str) -> None:
    taken = {edge for one in seen.values() for edge in one.caught()}
    # A child that fails is the pipeline's Label or Augment failing; the script holds the child's tasks, not those two.
    taken |= {
        ("pipeline", state, "DescribeFailure")
        for state in ("Label", "Assist", "Augment")
        if pipeline_failed_in(seen, state)
    }
    if "label" in seen["assist child fails"].states:
        taken.add(("assist", "Ask", seen["assist child fails"].states["assist"][-3]))
    declared = {
        (machine, name, catcher["Next"])
        for name, state in definition_of(machine)["States"].items()
        for catcher in state.get("Catch", [])
        if catcher["ErrorEquals"] != ["Redriven"]  # test_redrive.py takes those
    }
    assert declared - taken == set()


def pipeline_failed_in(seen: dict[str, Seen], state: str) -> bool:
    paths = [one.states["pipeline"] for one in seen.values() if "pipeline" in one.states]
    return any(pair == (state, "DescribeFailure") for path in paths for pair in pairwise(path))


def test_a_malformed_input_fails_in_the_first_state_with_a_message_that_names_the_field(seen: dict[str, Seen]) -> None:
    fields = {"label": "task.labels", "assist": "assist.target", "augment": "window", "pipeline": "dataset"}
    for machine, field in fields.items():
        one = seen[f"{machine} invalid"]
        assert (one.status, one.error) == ("FAILED", "InvalidInput")
        assert field in (one.cause or "")
        assert one.states[machine] == ["ValidateInput", "DescribeFailure", "NotifyFailure", "Failed"]


def test_label_answers_with_the_collected_labels(seen: dict[str, Seen]) -> None:
    assert seen["label"].output == LABELS
    assert seen["label unheard"].output == LABELS


def test_no_job_is_started_when_every_object_has_its_label(seen: dict[str, Seen]) -> None:
    one = seen["label asks nobody"]
    assert one.output == LABELS
    assert one.arguments("label/StartLabeling") == []
    parse(CollectRequest, payload(one.arguments("label/CollectLabels")[0]))


def test_the_input_is_validated_as_it_came_with_the_name_of_the_execution(seen: dict[str, Seen]) -> None:
    given = payload(seen["augment"].arguments("augment/ValidateInput")[0])
    assert given["kind"] == "augment"
    assert given["input"] == {"given": "augment"}
    assert given["execution"].startswith("case-")


def test_the_end_of_labeling_is_awaited_without_a_pause_and_looked_for_every_hour(seen: dict[str, Seen]) -> None:
    assert seen["label"].waits == seen["label waits long"].waits == []
    assert definition_of("label")["States"]["WaitForWorkers"]["TimeoutSeconds"] == 3600
    assert len(seen["label waits long"].arguments("label/PollLabeling")) == 40


def test_who_wakes_the_execution_tells_how_the_job_ended(seen: dict[str, Seen]) -> None:
    assert seen["label"].arguments("label/PollLabeling") == []
    assert payload(seen["label"].arguments("label/CollectLabels")[0])["progress"] == DONE
    older = seen["label is woken by an older release"]
    assert (len(older.arguments("label/WaitForWorkers")), older.output) == (2, LABELS)


def test_whoever_is_told_that_all_is_answered_asks_again_until_the_job_is_over(seen: dict[str, Seen]) -> None:
    assert len(seen["label asks again"].arguments("label/AskAgain")) == 2
    assert len(seen["label polls and asks again"].arguments("label/AskAgain")) == 1
    asked, started = (seen["label asks again"].arguments(f"label/{one}")[0] for one in ("AskAgain", "StartLabeling"))
    assert asked == started
    assert payload(seen["label asks again"].arguments("label/CollectLabels")[0])["progress"] == DONE


def test_a_run_that_cannot_ask_again_ends_with_the_labels_that_there_are(seen: dict[str, Seen]) -> None:
    one = seen["label cannot ask again"]
    assert (one.status, one.output) == ("SUCCEEDED", LABELS)
    assert payload(one.arguments("label/CollectLabels")[0])["progress"]["status"] == "Completed"


def test_an_execution_that_nobody_can_wake_still_looks_every_half_hour(seen: dict[str, Seen]) -> None:
    one = seen["label is not told"]
    assert one.status == "SUCCEEDED"
    assert one.waits == [3600, 3600, 3600]


def test_thirty_days_of_labeling_stay_below_the_limit_of_events(seen: dict[str, Seen]) -> None:
    long, short = seen["label waits long"], seen["label"]
    # The interpreter leaves out three events: TaskStarted of both tasks, and TaskSubmitted of the one that waits.
    events_a_round = (long.events - short.events) / 40 + 3
    assert short.events + 30 * 86400 / 3600 * events_a_round < 9_500


def test_a_failure_while_people_label_stops_the_job_and_keeps_the_original_error(seen: dict[str, Seen]) -> None:
    for name in ("label poll", "label start", "label stop"):
        one = seen[name]
        assert one.states["label"][-4:] == ["StopLabeling", "DescribeFailure", "NotifyFailure", "Failed"]
    assert (seen["label poll"].error, seen["label poll"].cause) == ("AccessDenied", "no rights")
    assert seen["label start"].error == "LabelingJobConflict"
    assert seen["label stop"].error == "AccessDenied"


def test_a_passing_fault_is_tried_again(seen: dict[str, Seen]) -> None:
    assert seen["label throttled"].status == "SUCCEEDED"
    assert len(seen["label throttled"].arguments("label/Preflight")) == 3
    assert seen["augment throttled"].status == "SUCCEEDED"


def test_a_failure_is_told_to_the_topic_with_error_and_cause(seen: dict[str, Seen]) -> None:
    told = seen["augment overtaken"].arguments("augment/NotifyFailure")[0]
    message = json.loads(told["Message"])
    assert message["error"] == "LeaseLost"
    assert message["cause"] == "another run has taken over"
    assert message["execution"].endswith(":augment:case-" + message["execution"].rsplit("-", 1)[1])
    assert len(told["Subject"]) <= 100


def test_a_notification_that_does_not_arrive_changes_nothing(seen: dict[str, Seen]) -> None:
    assert seen["augment unheard"].output == PUBLISHED
    assert seen["label lost"].error == "PreflightFailed"


def test_augment_publishes_what_the_job_made_then_releases_the_lease(seen: dict[str, Seen]) -> None:
    one = seen["augment"]
    assert one.output == PUBLISHED
    assert one.states["augment"][3:6] == ["Augment", "WhatComesNext", "PublishVersion"]
    assert payload(one.arguments("augment/PublishVersion")[0])["begun"] == BEGUN


def test_several_machines_leave_their_fingerprints_before_each_is_told_all(seen: dict[str, Seen]) -> None:
    one = seen["augment on several"]
    assert one.output == PUBLISHED
    first, second = one.arguments("augment/Augment")
    names = [job["ProcessingJobName"] for job in (first, second)]
    assert names == ["kempelen-dev-fingerprint-faces-99887766", BEGUN["job_name"]]
    outputs = [job["ProcessingOutputConfig"]["Outputs"][0]["S3Output"]["S3Uri"] for job in (first, second)]
    assert outputs == [FINGERPRINTS, BEGUN["version_uri"]]
    words = [job["AppSpecification"]["ContainerArguments"] for job in (first, second)]
    assert words[0][2:4] == ["--", "fingerprint"]
    assert words[1][2:4] == ["--", "run"]
    arrive = [item["S3Input"]["S3Uri"] for item in second["ProcessingInputs"] if item["InputName"] == "config"]
    assert all(FINGERPRINTS.startswith(uri) for uri in arrive)
    assert first["StoppingCondition"]["MaxRuntimeInSeconds"] < second["StoppingCondition"]["MaxRuntimeInSeconds"]


def test_one_machine_alone_gets_one_job(seen: dict[str, Seen]) -> None:
    [only] = seen["augment"].arguments("augment/Augment")
    assert only["AppSpecification"]["ContainerArguments"][2:] == ["--", *BEGUN["run_arguments"]]


def test_only_the_job_that_augments_is_told_of_code_of_ones_own() -> None:
    told = {"container_arguments": ["--code", "steps.py"]}
    [one] = run([Case("augment", {**AUGMENT, "augment/BeginAugmentation": gives({**SEVERAL, **told})})])
    words = [job["AppSpecification"]["ContainerArguments"][2:] for job in one.arguments("augment/Augment")]
    assert words == [["--", *SEVERAL["fingerprint_arguments"]], ["--code", "steps.py", "--", *SEVERAL["run_arguments"]]]


def test_code_and_backgrounds_reach_both_children_of_a_pipeline() -> None:
    brought = {"code": "code/frozen/0123456789abcdef/my_steps.py", "backgrounds": "backgrounds/city/"}
    [one] = run([Case("pipeline", {**PIPELINE, "pipeline/ValidateInput": gives({**RUN, **brought})})])
    for machine in ("label", "augment"):
        [given] = one.arguments(f"{machine}/ValidateInput")
        assert brought.items() <= given["Payload"]["input"].items()


def test_fingerprints_that_another_start_takes_are_waited_for(seen: dict[str, Seen]) -> None:
    one = seen["augment on several, adopted"]
    assert one.output == PUBLISHED
    assert [job["ProcessingJobName"] for job in one.arguments("augment/Augment")] == [
        SEVERAL["fingerprint_job"],
        BEGUN["job_name"],
    ]
    described = {arguments["ProcessingJobName"] for arguments in one.arguments("augment/DescribeJob")}
    assert described == {SEVERAL["fingerprint_job"]}


def test_fingerprints_are_not_taken_again_when_the_second_job_waits_for_capacity(seen: dict[str, Seen]) -> None:
    one = seen["augment on several, no capacity"]
    assert one.output == PUBLISHED
    assert [job["ProcessingJobName"] for job in one.arguments("augment/Augment")] == [
        SEVERAL["fingerprint_job"],
        BEGUN["job_name"],
        f"{BEGUN['job_name']}-2",
    ]


def test_a_run_without_work_ends_well_without_a_job(seen: dict[str, Seen]) -> None:
    for name, outcome in (("augment skipped", "skipped"), ("augment again", "already-published")):
        assert seen[name].output["outcome"] == outcome
        assert seen[name].arguments("augment/Augment") == []
        assert seen[name].arguments("augment/EndAugmentation") == []


def test_a_run_waits_for_the_lease_and_then_publishes(seen: dict[str, Seen]) -> None:
    one = seen["augment waits its turn"]
    assert one.output == PUBLISHED
    assert one.waits == [2, 3, 4]


def test_a_run_that_waited_a_day_for_the_lease_fails_and_says_who_holds_it(seen: dict[str, Seen]) -> None:
    one = seen["augment waits in vain"]
    assert (one.status, one.error) == ("FAILED", "LeaseHeld")
    assert "run 'x' holds the lease" in (one.cause or "")
    assert 23 * 3600 < sum(one.waits) < 26 * 3600
    assert one.events < 20_000
    assert one.arguments("augment/Augment") == []


def test_a_job_that_exists_is_waited_for_and_published_once(seen: dict[str, Seen]) -> None:
    one = seen["augment adopt"]
    assert one.output == PUBLISHED
    assert len(one.arguments("augment/Augment")) == 1
    assert len(one.arguments("augment/PublishVersion")) == 1
    assert one.waits == [1, 2]


def test_a_job_of_somebody_else_is_left_alone(seen: dict[str, Seen]) -> None:
    one = seen["augment foreign"]
    assert one.error == "ProcessingJobConflict"
    assert "s3://x/y/" in (one.cause or "")
    assert one.arguments("augment/PublishVersion") == one.arguments("augment/StopJob") == []


def names_of_jobs(one: Seen) -> list[str]:
    return [arguments["ProcessingJobName"] for arguments in one.arguments("augment/Augment")]


def test_after_a_capacity_error_the_run_renews_its_lease_and_makes_a_job_of_the_next_number(
    seen: dict[str, Seen],
) -> None:
    one, name = seen["augment no capacity"], BEGUN["job_name"]
    assert one.output == PUBLISHED
    assert names_of_jobs(one) == [name, f"{name}-2", f"{name}-3"]
    assert len(one.arguments("augment/BeginAugmentation")) == 3
    assert one.waits == [30, 60]


def test_a_resource_limit_is_queued_for_under_the_same_name(seen: dict[str, Seen]) -> None:
    one = seen["augment over limit"]
    assert one.output == PUBLISHED
    assert set(names_of_jobs(one)) == {BEGUN["job_name"]}
    assert one.waits == [30, 60, 120]


def test_a_refusal_that_only_its_text_explains_is_understood_too(seen: dict[str, Seen]) -> None:
    assert seen["augment in use generic"].output == PUBLISHED
    assert seen["augment over limit generic"].output == PUBLISHED


def test_a_quota_of_zero_fails_at_once_with_its_name(seen: dict[str, Seen]) -> None:
    one = seen["augment no quota"]
    assert (one.status, one.error, one.waits) == ("FAILED", "QuotaIsZero", [])
    assert one.cause is not None
    assert one.cause.startswith('the quota "ml.m5.xlarge for processing job usage" of this account and Region is 0')
    assert payload(one.arguments("augment/EndAfterFailure")[0])["failure"]["Error"] == "QuotaIsZero"
    assert one.arguments("augment/StopJob") == []


def test_stopping_a_job_is_tried_again_when_sagemaker_throttles(seen: dict[str, Seen]) -> None:
    assert len(seen["augment stop throttled"].arguments("augment/StopJob")) == 4


def test_a_function_that_ran_out_of_memory_is_tried_once_more(seen: dict[str, Seen]) -> None:
    assert seen["label out of memory"].output == LABELS
    assert len(seen["label out of memory"].arguments("label/CollectLabels")) == 2


def test_queueing_for_capacity_ends_and_says_why(seen: dict[str, Seen]) -> None:
    one = seen["augment no capacity ever"]
    assert one.status == "FAILED"
    assert "CapacityError" in (one.cause or "")
    assert len(names_of_jobs(one)) == 21
    assert max(one.waits) == 900


def test_a_job_that_failed_in_an_earlier_start_is_made_again_under_the_next_number(seen: dict[str, Seen]) -> None:
    assert seen["augment failed before"].output == PUBLISHED
    assert names_of_jobs(seen["augment failed before"])[-1] == f"{BEGUN['job_name']}-2"
    assert seen["augment failed often"].error == "ProcessingJobFailed"


def test_a_crashed_job_fails_the_run_with_the_jobs_own_reason_and_releases_the_lease(seen: dict[str, Seen]) -> None:
    one = seen["augment crashed"]
    assert one.cause == "AlgorithmError: exit code 1"
    assert payload(one.arguments("augment/EndAfterFailure")[0])["failure"]["Error"] == "States.TaskFailed"


def test_what_the_engine_said_is_told_before_what_sagemaker_says_of_it(seen: dict[str, Seen]) -> None:
    said = [seen[f"{name} said why"] for name in ("augment", "pipeline")]
    assert [one.cause for one in said] == ["labels.jsonl is empty"] * 2
    assert json.loads(said[0].arguments("augment/NotifyFailure")[0]["Message"])["cause"] == "labels.jsonl is empty"
    assert seen["augment said nothing"].cause == EXPLAINED["FailureReason"]


def test_a_job_that_takes_too_long_is_stopped(seen: dict[str, Seen]) -> None:
    one = seen["augment timed out"]
    assert one.error == "States.Timeout"
    assert one.cause == "no cause was given"
    stopped = one.arguments("augment/StopJob")
    assert stopped
    assert all(arguments == {"ProcessingJobName": BEGUN["job_name"]} for arguments in stopped)


def test_the_pipeline_hands_the_labels_on_and_answers_with_both_outputs(seen: dict[str, Seen]) -> None:
    one = seen["pipeline"]
    assert one.output == {"label": LABELS, "augment": PUBLISHED}
    given = payload(one.arguments("augment/ValidateInput")[0])
    assert given["input"]["labels_uri"] == LABELS["labels_uri"]
    assert given["input"]["label_attribute"] == "mouth"
    assert given["input"]["run_id"] == "demo-1"
    assert given["execution"].endswith("-augment")


def test_the_pipeline_does_not_augment_without_a_label(seen: dict[str, Seen]) -> None:
    one = seen["pipeline unlabeled"]
    assert one.error == "NothingLabeled"
    assert LABELS["labels_uri"] in (one.cause or "")
    assert "augment" not in one.states


def test_the_pipeline_fails_with_its_childs_own_error(seen: dict[str, Seen]) -> None:
    assert (seen["pipeline label fails"].error, seen["pipeline label fails"].cause) == (
        "PreflightFailed",
        "the prefix is empty",
    )
    assert seen["pipeline augment fails"].error == "LeaseLost"
    assert seen["pipeline child refused"].error == "StepFunctions.ExecutionAlreadyExistsException"


def test_rounds_alternate_between_a_job_and_people_until_nobody_is_to_be_asked(seen: dict[str, Seen]) -> None:
    one = seen["assist"]
    assert one.output == ASSISTED
    asked = [payload(arguments) for arguments in one.arguments("assist/NextRound")]
    assert [(given["number"], given["decided"]) for given in asked] == [(0, False), (0, True), (1, False), (1, True)]
    names = [arguments["ProcessingJobName"] for arguments in one.arguments("assist/Decide")]
    assert names == [DECIDE["job_name"], DECIDE_LATER["job_name"]]
    assert payload(one.arguments("label/ValidateInput")[0])["input"] == ASK["input"]
    collected = payload(one.arguments("assist/CollectRounds")[0])
    assert (collected["number"], collected["stopped"], collected["job_name"]) == (1, False, LABELS["job_name"])


def test_only_the_first_job_of_a_run_in_rounds_gets_the_images(seen: dict[str, Seen]) -> None:
    inputs = [
        [item["InputName"] for item in job["ProcessingInputs"]] for job in seen["assist"].arguments("assist/Decide")
    ]
    assert inputs == [["config", "images", "code", "wheelhouse"], ["config", "code", "wheelhouse"]]


def test_what_an_earlier_start_decided_is_asked_without_a_job(seen: dict[str, Seen]) -> None:
    one = seen["assist goes on"]
    assert one.output == ASSISTED
    assert one.states["assist"][3:6] == ["NextRound", "WhatComesNext", "Ask"]
    assert seen["assist has nothing to ask"].arguments("assist/Decide") == []
    again = seen["assist has asked before"]
    assert [payload(one)["number"] for one in again.arguments("assist/NextRound")] == [0, 1, 2, 3, 3]
    assert len(again.arguments("label/StartLabeling")) == 1


def test_a_round_that_was_stopped_is_the_last(seen: dict[str, Seen]) -> None:
    one = seen["assist is stopped"]
    assert len(one.arguments("label/StartLabeling")) == 1
    collected = payload(one.arguments("assist/CollectRounds")[0])
    assert (collected["number"], collected["stopped"]) == (0, True)


def test_rounds_end_where_nobody_answers_twice(seen: dict[str, Seen]) -> None:
    one = seen["assist nobody answers"]
    assert len(one.arguments("label/CollectLabels")) == 2
    assert payload(one.arguments("assist/CollectRounds")[0])["stopped"] is True


def test_rounds_end_by_themselves_long_before_the_limit_of_events(seen: dict[str, Seen]) -> None:
    one = seen["assist without end"]
    assert one.status == "SUCCEEDED"
    assert len(one.arguments("label/CollectLabels")) == 200
    assert payload(one.arguments("assist/CollectRounds")[0])["stopped"] is True
    with_jobs = seen["assist"].events - seen["assist has nothing to ask"].events
    assert 200 * with_jobs < 20_000


def test_each_round_is_an_execution_of_its_own_named_after_the_run(seen: dict[str, Seen]) -> None:
    given = [
        payload(arguments)["execution"] for arguments in seen["assist without end"].arguments("label/ValidateInput")
    ]
    assert len(set(given)) == 200
    assert all(name.endswith(f"-r{number}") for number, name in enumerate(given))


def test_the_job_of_an_earlier_start_is_waited_for_or_made_again(seen: dict[str, Seen]) -> None:
    assert seen["assist adopt"].output == ASSISTED
    assert seen["assist adopt"].waits[:2] == [1, 2]
    assert seen["assist failed before"].output == ASSISTED
    second = seen["assist failed before"].arguments("assist/Decide")[1]
    assert second["ProcessingJobName"] == f"{DECIDE['job_name']}-2"
    assert seen["assist foreign"].error == "ProcessingJobConflict"
    assert seen["assist failed often"].error == "ProcessingJobFailed"


def test_a_round_waits_for_capacity_but_not_for_ever(seen: dict[str, Seen]) -> None:
    assert seen["assist no capacity"].output == seen["assist over limit"].output == ASSISTED
    assert seen["assist no capacity"].waits == [30, 60]
    ever = seen["assist no capacity ever"]
    assert (ever.status, len(ever.waits)) == ("FAILED", 60)
    assert seen["assist no quota"].error == "QuotaIsZero"


def test_a_failed_round_says_why(seen: dict[str, Seen]) -> None:
    assert seen["assist said why"].cause == "labels.jsonl is empty"
    assert seen["assist next"].error == "RoundIncomplete"
    assert seen["assist child fails"].cause == "the prefix is empty"
    assert seen["assist timed out"].arguments("assist/StopJob")


def test_a_pipeline_asks_in_rounds_where_its_input_says_so(seen: dict[str, Seen]) -> None:
    assert seen["pipeline in rounds"].output["label"] == ASSISTED
    given = payload(seen["pipeline in rounds"].arguments("assist/ValidateInput")[0])["input"]
    assert given["assist"] == ASSIST_RUN["assist"]
    assert "assist" not in seen["pipeline"].states
    assert seen["pipeline in rounds fails"].cause == "it is empty"
