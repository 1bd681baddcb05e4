from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from augmentation.container import split_arguments
from scripts.run_processing import Deployment, Trial, start

ROOT = Path(__file__).resolve().parents[3]
VALUES = {
    "${ProcessingRoleArn}": "arn:aws:iam::000000000000:role/processing",
    "${EngineCodeUri}": "s3://assets/abc.zip",
    "${EngineCodeFile}": "abc.zip",
    "${WheelhouseUri}": "s3://assets/def.zip",
}


class RecordingProcessor:
    def __init__(self) -> None:
        self.calls: list[dict[str, Any]] = []

    def run(self, **arguments: Any) -> None:
        self.calls.append(arguments)


@pytest.fixture
def deployment() -> Deployment:
    definition = (ROOT / "workflows/augment.asl.json").read_text()
    for name, value in VALUES.items():
        definition = definition.replace(name, value)
    return Deployment.from_definition(definition)


def any_trial(*, has_labels: bool = False) -> Trial:
    return Trial("s3://data/raw/faces/", "s3://data/augmenting/faces/try/", "s3://data/out/", 7, has_labels)


def test_the_deployed_machine_names_role_engine_and_wheelhouse(deployment: Deployment) -> None:
    assert deployment == Deployment(
        "arn:aws:iam::000000000000:role/processing", "s3://assets/abc.zip", "s3://assets/def.zip"
    )


def test_a_machine_without_the_job_is_refused() -> None:
    with pytest.raises(KeyError, match="Augment"):
        Deployment.from_definition(json.dumps({"States": {}}))


def test_the_container_understands_the_arguments() -> None:
    own, engine = split_arguments(any_trial().arguments())
    assert own == {"--wheelhouse": "/opt/ml/processing/input/wheelhouse", "--message-file": "/opt/ml/output/message"}
    assert engine[0] == "run"
    assert engine[engine.index("--seed") + 1] == "7"
    assert "--host-config" not in engine


@pytest.mark.parametrize("has_labels", [True, False])
def test_labels_are_named_only_when_there_are_some(has_labels: bool) -> None:
    assert ("--labels" in any_trial(has_labels=has_labels).arguments()) is has_labels


def test_the_job_reads_each_input_where_its_arguments_look(deployment: Deployment) -> None:
    processor = RecordingProcessor()
    start(any_trial(), deployment, processor, "kempelen-dev-faces-try", wait=False)
    (call,) = processor.calls
    places = {item.input_name: (item.s3_input.s3_uri, item.s3_input.local_path) for item in call["inputs"]}
    assert places == {
        "images": ("s3://data/raw/faces/", "/opt/ml/processing/input/images"),
        "config": ("s3://data/augmenting/faces/try/", "/opt/ml/processing/input/config"),
        "code": ("s3://assets/abc.zip", "/opt/ml/processing/input/code"),
        "wheelhouse": ("s3://assets/def.zip", "/opt/ml/processing/input/wheelhouse"),
    }
    (output,) = call["outputs"]
    assert output.s3_output.s3_upload_mode == "EndOfJob"
    assert call["logs"] is False
