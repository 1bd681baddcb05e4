from __future__ import annotations

from pathlib import Path

import pytest
from aws_cdk import App, Stack

from stacks.constructs.workflow.state_machine import FileStateMachine, Substitution, WorkflowError, placeholders
from stacks.settings_loading import load_settings


def make(definition: Path, offered: dict[str, Substitution]) -> None:
    FileStateMachine(
        Stack(App(), "one"),
        "Machine",
        name="machine",
        definition=definition,
        offered=offered,
        settings=load_settings("dev"),
    )


def test_placeholders_are_found_wherever_they_stand() -> None:
    assert placeholders('{"a": "${One}", "b": "s3://${Two}/${One}/{% $not_one %}"}') == {"One", "Two"}


def test_a_missing_file_stops_synth_by_its_name(tmp_path: Path) -> None:
    with pytest.raises(WorkflowError, match=r"missing state machine .*label\.asl\.json"):
        make(tmp_path / "label.asl.json", {})


def test_a_substitution_that_nobody_offers_stops_synth_with_those_that_are_offered(tmp_path: Path) -> None:
    file = tmp_path / "label.asl.json"
    file.write_text('{"StartAt": "${Unknown}"}')
    with pytest.raises(WorkflowError, match=r"label\.asl\.json names \$\{Unknown\}; known: Known"):
        make(file, {"Known": Substitution("value")})
