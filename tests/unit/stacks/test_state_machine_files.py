from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import App, Stack

from stacks.constructs.shared.log_groups import LogGroups
from stacks.constructs.workflow.definition import RETRIES, WorkflowError, read_definition
from stacks.constructs.workflow.state_machine import FileStateMachine, Substitution, placeholders
from stacks.settings.loading import load_settings


def make(definition: Path, offered: dict[str, Substitution]) -> None:
    FileStateMachine(
        Stack(App(), "one"),
        "Machine",
        name="machine",
        definition=definition,
        offered=offered,
        logs=LogGroups(load_settings("dev"), None),
    )


def test_placeholders_are_found_wherever_they_stand() -> None:
    assert placeholders('{"a": "${One}", "b": "s3://${Two}/${One}/{% $not_one %}"}') == {"One", "Two"}


def test_a_missing_file_stops_synth_by_its_name(tmp_path: Path) -> None:
    with pytest.raises(WorkflowError, match=r"missing state machine .*label\.asl\.json"):
        make(tmp_path / "label.asl.json", {})


def test_a_substitution_that_nobody_offers_stops_synth_with_those_that_are_offered(tmp_path: Path) -> None:
    file = tmp_path / "label.asl.json"
    file.write_text('{"StartAt": "${Unknown}", "States": {}}')
    (tmp_path / RETRIES).write_text("{}")
    with pytest.raises(WorkflowError, match=r"label\.asl\.json names \$\{Unknown\}; known: Known"):
        make(file, {"Known": Substitution("value")})


def read(folder: Path, states: dict[str, Any], retries: dict[str, Any]) -> dict[str, Any]:
    (folder / "any.asl.json").write_text(json.dumps({"StartAt": "A", "States": states}))
    (folder / RETRIES).write_text(json.dumps(retries))
    found: dict[str, Any] = json.loads(read_definition(folder / "any.asl.json"))["States"]
    return found


def test_a_task_without_a_retry_gets_that_of_its_resource_and_no_other_state_does(tmp_path: Path) -> None:
    house, own = [{"ErrorEquals": ["House"]}], [{"ErrorEquals": ["Own"]}]
    task = {"Type": "Task", "Resource": "arn:call"}
    states = {"A": task, "B": {**task, "Retry": own}, "C": {"Type": "Succeed"}}
    assert read(tmp_path, states, {"arn:call": house}) == {
        "A": {**task, "Retry": house},
        "B": {**task, "Retry": own},
        "C": {"Type": "Succeed"},
    }


def test_a_task_that_nothing_retries_stops_synth_by_its_name(tmp_path: Path) -> None:
    with pytest.raises(WorkflowError, match=r"any\.asl\.json: A has no Retry, and retries\.json none for arn:call"):
        read(tmp_path, {"A": {"Type": "Task", "Resource": "arn:call"}}, {})


def test_no_policy_is_said_twice() -> None:
    """A Task whose own Retry equals that of its resource would be a second copy of it."""
    folder = Path(__file__).resolve().parents[3] / "workflows"
    retries = json.loads((folder / RETRIES).read_text())
    used = set()
    for path in folder.glob("*.asl.json"):
        for name, state in json.loads(path.read_text())["States"].items():
            used |= {state["Resource"]} if state["Type"] == "Task" and "Retry" not in state else set()
            assert state.get("Retry") != retries.get(state.get("Resource"), "no policy"), f"{path.name}: {name}"
    assert used == set(retries)
