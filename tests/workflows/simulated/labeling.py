"""A labeling back end in which people answer while the clock goes on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from domain.errors import NotFound
from domain.labeling.port import Answer, LabelingResult
from domain.labeling.preflight import Check
from domain.workflow.inputs import CostEstimate, LabelingTask
from domain.workflow.names import job_name
from domain.workflow.states import BuiltManifest, LabelingJob, LabelingProgress, LabelRun
from tests.workflows.simulated.functions import PREFIX

JOB = "label"


@dataclass
class PeoplesJob:
    """`answers`: by source URI, what people said; `ends` is when they will have said all."""

    maker: str
    sources: list[str]
    answers: dict[str, str] = field(default_factory=dict)
    status: str = "InProgress"


class SimulatedLabeler:
    """`started` and `ended` are told the name of a job."""

    max_objects = 100_000

    def __init__(self, read: Callable[[str], list[str]], started: Callable[[str], None], ended: Callable[[str], None]):
        self.jobs: dict[str, PeoplesJob] = {}
        self._read, self._started, self._ended = read, started, ended

    def checks(self, task: LabelingTask) -> list[Check]:
        return [Check("people", True, "there are some")]

    def estimate(self, task: LabelingTask, objects: int) -> CostEstimate:
        return CostEstimate(usd=0.0, made_of=f"{objects} objects for nothing")

    def page(self, task: LabelingTask) -> str:
        return "<p>"

    def name(self, run: LabelRun) -> str:
        return job_name(PREFIX, JOB, run.dataset, run.run_id)

    def start(self, run: LabelRun, manifest: BuiltManifest) -> LabelingJob:
        name = self.name(run)
        if name not in self.jobs:
            self.jobs[name] = PeoplesJob(run.execution, self._read(str(manifest.manifest_uri)))
            self._started(name)
        return LabelingJob(name=name, created_here=self.jobs[name].maker == run.execution)

    def progress(self, name: str) -> LabelingProgress:
        if name not in self.jobs:
            raise NotFound(f"there is no labeling job {name}")
        job = self.jobs[name]
        return LabelingProgress(status=job.status, finished=job.status != "InProgress", labeled=len(job.answers))

    def stop(self, run: LabelRun) -> bool:
        job = self.jobs.get(self.name(run))
        if job is None or job.status != "InProgress" or job.maker != run.execution:
            return False
        self.close(self.name(run), "Stopped")
        return True

    def close(self, name: str, status: str) -> None:
        """By its end, or by somebody."""
        if self.jobs[name].status == "InProgress":
            self.jobs[name].status = status
            self._ended(name)

    def result(self, run: LabelRun, name: str, manifest: BuiltManifest) -> LabelingResult:
        return LabelingResult({ref: Answer(label, 1.0, "human") for ref, label in self.jobs[name].answers.items()})
