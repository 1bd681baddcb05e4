"""The state machines as documents: valid, whole, and patient in the house's way."""

from __future__ import annotations

import json
from typing import Any

import pytest
from cfnlint.api import lint_all

from tests.workflows.machines import NAMES, PLACEHOLDER, definition_of, text_of

PROVIDED = {
    "ValidateInputFunctionArn",
    "PreflightFunctionArn",
    "BuildManifestFunctionArn",
    "StartLabelingFunctionArn",
    "AwaitLabelingFunctionArn",
    "PollLabelingFunctionArn",
    "StopLabelingFunctionArn",
    "CollectLabelsFunctionArn",
    "NextRoundFunctionArn",
    "CollectRoundsFunctionArn",
    "BeginAugmentationFunctionArn",
    "PublishVersionFunctionArn",
    "EndAugmentationFunctionArn",
    "TopicArn",
    "ProcessingRoleArn",
    "ProcessingImageUri",
    "ProcessingInstanceType",
    "ProcessingVolumeKeyArn",
    "ProcessingVolumeSizeGb",
    "EngineCodeUri",
    "EngineCodeFile",
    "WheelhouseUri",
    "DataBucketName",
    "LabelStateMachineArn",
    "AssistStateMachineArn",
    "AugmentStateMachineArn",
    "Stage",
}
TASKS = [
    (machine, name)
    for machine in NAMES
    for name, state in definition_of(machine)["States"].items()
    if state["Type"] == "Task"
]


def successors(state: dict[str, Any]) -> set[str]:
    rules = [*state.get("Choices", []), *state.get("Catch", []), state]
    return {rule[key] for rule in rules for key in ("Next", "Default") if key in rule}


def complaints(definition: str) -> list[str]:
    """What cfn-lint (its rule E3601 above all) says of a template with this state machine."""
    properties = {
        "RoleArn": "arn:aws:iam::123456789012:role/machine",
        "DefinitionString": definition,
        "DefinitionSubstitutions": dict.fromkeys(PLACEHOLDER.findall(definition), "value"),
    }
    resource = {"Type": "AWS::StepFunctions::StateMachine", "Properties": properties}
    found = lint_all(json.dumps({"Resources": {"Machine": resource}}))
    return [str(match) for match in found if match.rule.id[0] in "EW"]


@pytest.mark.parametrize("machine", NAMES)
def test_cfn_lint_finds_no_fault_in_the_language(machine: str) -> None:
    assert complaints(text_of(machine)) == []


def test_cfn_lint_would_find_a_fault() -> None:
    assert complaints(text_of("label").replace('"Type": "Wait"', '"Type": "Weight"', 1))


@pytest.mark.parametrize("machine", NAMES)
def test_every_next_exists_and_every_state_can_be_reached(machine: str) -> None:
    definition = definition_of(machine)
    reached, ahead = set(), {definition["StartAt"]}
    while ahead:
        name = ahead.pop()
        reached.add(name)
        ahead |= successors(definition["States"][name]) - reached
    assert reached == set(definition["States"])


@pytest.mark.parametrize("machine", NAMES)
def test_a_machine_is_jsonata_with_a_time_limit_and_known_substitutions(machine: str) -> None:
    definition = definition_of(machine)
    assert definition["QueryLanguage"] == "JSONata"
    assert definition["TimeoutSeconds"] <= 365 * 86_400
    assert set(PLACEHOLDER.findall(text_of(machine))) <= PROVIDED


@pytest.mark.parametrize(("machine", "name"), TASKS)
def test_every_task_ends_tries_again_with_jitter_and_is_caught(machine: str, name: str) -> None:
    state = definition_of(machine)["States"][name]
    assert isinstance(state["TimeoutSeconds"], int)
    assert state["Retry"]
    for retrier in state["Retry"]:
        assert retrier["JitterStrategy"] == "FULL"
        assert "States.ALL" not in retrier["ErrorEquals"]
        assert retrier["MaxAttempts"] * retrier.get("MaxDelaySeconds", 60) <= 6 * 3600
    caught = ["Redriven"] if name == "Failed" else ["States.ALL"]
    assert any(catcher["ErrorEquals"] == caught for catcher in state["Catch"])


@pytest.mark.parametrize(("machine", "name"), TASKS)
def test_every_failure_ends_in_a_notification(machine: str, name: str) -> None:
    states = definition_of(machine)["States"]
    reached, ahead = set(), {catcher["Next"] for catcher in states[name]["Catch"]}
    while ahead:
        current = ahead.pop()
        reached.add(current)
        ahead |= successors(states[current]) - reached
    told = any(state.startswith("Notify") for state in reached)
    assert told or name.startswith(("Notify", "EndAugmentation", "Failed"))


def test_a_functions_task_outlives_the_function_at_its_longest() -> None:
    writers = {"BuildManifest", "CollectLabels", "CollectRounds", "NextRound", "PublishVersion"}
    for machine, name in TASKS:
        if name in writers:
            assert definition_of(machine)["States"][name]["TimeoutSeconds"] > 900
