"""The labeling port: what Kempelen asks of a back end that lets people label, whichever it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

from domain.labeling.preflight import Check
from domain.labels.boxes import BoxLabel
from domain.labels.records import ReviewedRecord
from domain.labels.rows import Decider, Vote
from domain.workflow.inputs import CostEstimate, LabelingTask
from domain.workflow.states import BuiltManifest, LabelingJob, LabelingProgress, LabelRun

BACKENDS = ("ground_truth", "portal", "label_studio")
"""The setting `labeling.backend` takes one of them, or "auto"; `labelers/<name>/backend.py` makes it."""
AUTOMATIC = ("ground_truth", "portal")
"""Those that "auto" deploys and chooses from, the first that can be used."""


@dataclass(frozen=True)
class Answer:
    """What the back end says of one object after consolidation: a label or several, or the reason why there is none.

    `boxes`, `transcript` and `record` are None where the question is not about them. `box_confidences`,
    `decided_by` and `majority` are those of the row.
    """

    label: str | None
    confidence: float | None = None
    method: Literal["human", "machine"] | None = None
    reason: str = ""
    labels: tuple[str, ...] = ()
    boxes: tuple[BoxLabel, ...] | None = None
    transcript: str | None = None
    record: ReviewedRecord | None = None
    box_confidences: tuple[float, ...] | None = None
    decided_by: Decider | None = None
    majority: tuple[str, ...] | None = None

    @property
    def chosen(self) -> tuple[str, ...]:
        """All labels."""
        return self.labels or (() if self.label is None else (self.label,))


@dataclass(frozen=True)
class LabelingResult:
    """All that a job gave, by source URI. An object may be missing from both, and may have votes without an answer.

    `ignored` counts rows that could not be read or belong to no object of ours. `seconds` are how long each answer
    took, by worker, where the back end knows it.
    """

    answers: Mapping[str, Answer] = field(default_factory=dict)
    votes: Mapping[str, tuple[Vote, ...]] = field(default_factory=dict)
    ignored: int = 0
    seconds: Mapping[str, Sequence[float]] = field(default_factory=dict)


class Listener(Protocol):
    """What a back end's server calls of its own accord when somebody has answered."""

    def heard(self, job_name: str, proof: str) -> str:
        """What became of the call, in a word or two; a job that is over is told of as an event.

        Raises:
            AccessDenied: it was not the server that called.
        """
        ...


class Labeler(Protocol):
    """A labeling back end of one stage. `max_objects` is the most that people can be asked for in one of its jobs."""

    @property
    def max_objects(self) -> int: ...

    def checks(self, task: LabelingTask) -> list[Check]:
        """What must be so before anything is started, and whether it is; within seconds.

        Raises:
            ServiceUnavailable: worth a retry.
        """
        ...

    def estimate(self, task: LabelingTask, objects: int) -> CostEstimate:
        """What a job over so many objects costs at most.

        Raises:
            InvalidInput: there can be no such job; the message says why.
        """
        ...

    def page(self, task: LabelingTask) -> str:
        """The page on which workers answer, as this back end takes it."""
        ...

    def name(self, run: LabelRun) -> str:
        """Of the run's job, whether it was started or not."""
        ...

    def start(self, run: LabelRun, manifest: BuiltManifest) -> LabelingJob:
        """Starts the run's job, or finds the one that was started before.

        Raises:
            LabelingJobConflict: a job of this name exists and belongs to something else.
        """
        ...

    def progress(self, job_name: str) -> LabelingProgress: ...

    def stop(self, run: LabelRun) -> bool:
        """Stops the run's job if `run.execution` made it; whether there was something to stop."""
        ...

    def result(self, run: LabelRun, job_name: str, manifest: BuiltManifest) -> LabelingResult: ...
