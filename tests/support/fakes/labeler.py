"""A labeling back end in memory: jobs are over at once, with the result that the test gives."""

from __future__ import annotations

from domain.labeling.port import LabelingResult
from domain.workflow.states import BuiltManifest, LabelingJob, LabelingProgress, LabelRun


class MemoryLabeler:
    max_objects = 100_000

    def __init__(self, result: LabelingResult | None = None, status: str = "Completed") -> None:
        self._result = result or LabelingResult()
        self._status = status
        self.jobs: dict[str, str] = {}

    def name(self, run: LabelRun) -> str:
        return f"job-{run.run_id}"

    def start(self, run: LabelRun, manifest: BuiltManifest) -> LabelingJob:
        name = self.name(run)
        maker = self.jobs.setdefault(name, run.execution)
        return LabelingJob(name=name, created_here=maker == run.execution)

    def progress(self, job_name: str) -> LabelingProgress:
        return LabelingProgress(status=self._status, finished=self._status != "InProgress")

    def stop(self, run: LabelRun) -> bool:
        stops = self._status == "InProgress" and self.jobs.get(self.name(run)) == run.execution
        self._status = "Stopped" if stops else self._status
        return stops

    def result(self, run: LabelRun, job_name: str, manifest: BuiltManifest) -> LabelingResult:
        return self._result
