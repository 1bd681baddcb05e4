"""Every physical name: the templates create resources by them; code, docs and people look them up by them."""

from __future__ import annotations

from dataclasses import dataclass

from domain.workforce.model import REVIEWERS

PROJECT = "kempelen"
STAGE_TAG = f"{PROJECT}:stage"
METRICS_NAMESPACE = "Kempelen"

LABELING_FUNCTIONS = (
    "validate_input",
    "preflight",
    "build_manifest",
    "start_labeling",
    "await_labeling",
    "poll_labeling",
    "stop_labeling",
    "collect_labels",
)
ROUND_FUNCTIONS = ("next_round", "collect_rounds")
AUGMENTATION_FUNCTIONS = ("begin_augmentation", "publish_version", "end_augmentation")
EVENT_FUNCTIONS = ("labeling_ended", "execution_ended")
TEARDOWN_FUNCTION = "teardown_step"
WORKFLOW_FUNCTIONS = (
    *LABELING_FUNCTIONS,
    *ROUND_FUNCTIONS,
    *AUGMENTATION_FUNCTIONS,
    *EVENT_FUNCTIONS,
    TEARDOWN_FUNCTION,
)

MACHINES = ("label", "assist", "augment", "pipeline", "teardown")
"""The state machines, each after those that it starts."""


def function_substitution(folder: str) -> str:
    """The `${…}` by which a state machine names a folder's function: validate_input -> ValidateInputFunctionArn."""
    return "".join(word.capitalize() for word in folder.split("_")) + "FunctionArn"


def machine_substitution(machine: str) -> str:
    """The `${…}` by which one state machine names another: label -> LabelStateMachineArn."""
    return f"{machine.capitalize()}StateMachineArn"


@dataclass(frozen=True)
class Names:
    """The names of one stage."""

    stage: str

    @property
    def base(self) -> str:
        return f"{PROJECT}-{self.stage}"

    def stack(self, part: str) -> str:
        return f"{self.base}-{part}"

    def machine(self, part: str) -> str:
        return f"{self.base}-{part}"

    def function(self, folder: str) -> str:
        return f"{self.base}-{folder.replace('_', '-')}"

    @property
    def job_prefix(self) -> str:
        """Labeling and processing jobs start with it; permissions and teardown are scoped by it."""
        return f"{self.base}-"

    @property
    def schedule_group(self) -> str:
        return self.base

    @property
    def domain(self) -> str:
        return self.base

    @property
    def workforce(self) -> str:
        return self.base

    @property
    def workteam(self) -> str:
        return f"{self.base}-workers"

    @property
    def worker_group(self) -> str:
        return "workers"

    @property
    def reviewer_group(self) -> str:
        return REVIEWERS

    @property
    def dashboard(self) -> str:
        return self.base
