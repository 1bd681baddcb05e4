"""The project's state machines as data, and a way to run them with scripted tasks."""

from __future__ import annotations

import json
import re
import subprocess
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from stacks.constructs.workflow.definition import read_definition

ROOT = Path(__file__).resolve().parents[2]
INTERPRETER = ROOT / ".venv-localcloud" / "bin" / "python"
NAMES = ("label", "assist", "augment", "pipeline")
PLACEHOLDER = re.compile(r"\$\{(\w+)\}")
MACHINE_ARN = "arn:aws:states:us-east-1:000000000000:stateMachine:"
VALUES = {
    "ProcessingVolumeSizeGb": "30",
    "LabelStateMachineArn": f"{MACHINE_ARN}label",
    "AssistStateMachineArn": f"{MACHINE_ARN}assist",
    "AugmentStateMachineArn": f"{MACHINE_ARN}augment",
}


def text_of(name: str) -> str:
    return read_definition(ROOT / "workflows" / f"{name}.asl.json")


def definition_of(name: str) -> dict[str, Any]:
    definition: dict[str, Any] = json.loads(text_of(name))
    return definition


def substituted(name: str) -> str:
    return PLACEHOLDER.sub(lambda match: VALUES.get(match[1], f"the-{match[1]}"), text_of(name))


@cache
def ready(name: str) -> dict[str, Any]:
    """A machine's definition as it is deployed, with a value for each of its placeholders; nobody may change it."""
    return filled(definition_of(name))


def filled(definition: dict[str, Any]) -> dict[str, Any]:
    """The definition with a value for each of its placeholders."""
    text = PLACEHOLDER.sub(lambda match: VALUES.get(match[1], f"the-{match[1]}"), json.dumps(definition))
    whole: dict[str, Any] = json.loads(text)
    return whole


@dataclass
class Case:
    """One execution: `script` overrides the responses of states by "machine/State"."""

    machine: str
    script: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    input: dict[str, Any] = field(default_factory=dict)


@dataclass
class Seen:
    """What an execution did. `waits` holds seconds, Retry's pauses included."""

    status: str
    output: Any
    error: str | None
    cause: str | None
    states: dict[str, list[str]]
    events: int
    calls: list[dict[str, Any]]
    waits: list[float]

    def arguments(self, state: str) -> list[Any]:
        """The arguments of each call of "machine/State"."""
        return [call["arguments"] for call in self.calls if call["state"] == state]

    def caught(self) -> set[tuple[str, str, str]]:
        """(machine, state, next) wherever a state's last call failed and the execution went on."""
        edges = set()
        for machine, states in self.states.items():
            for state, following in pairwise(states):
                calls = [call for call in self.calls if call["state"] == f"{machine}/{state}"]
                if calls and calls[-1]["failed"]:
                    edges.add((machine, state, following))
        return edges


def run(cases: list[Case]) -> list[Seen]:
    """Runs all cases in one process of the local cloud's environment."""
    request = {
        "machines": {name: substituted(name) for name in NAMES},
        "cases": [{"machine": case.machine, "input": case.input, "script": case.script} for case in cases],
    }
    command = [str(INTERPRETER), "-m", "tests.workflows.interpreter"]
    done = subprocess.run(command, cwd=ROOT, input=json.dumps(request), capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr[-3000:]
    return [Seen(**result) for result in json.loads(done.stdout)]
