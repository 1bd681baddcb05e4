"""A labeling back end in memory: jobs are over at once, with the result that the test gives."""

from __future__ import annotations

from domain.labeling.port import LabelingResult
from domain.workflow.states import BuiltManifest, LabelingJob, LabelingProgress, LabelRun


class MemoryLabeler:
    def __init__(self, result: LabelingResult | None = None, status: str = "Completed") -> None:
        self._result = result or LabelingResult()
        self._status = status
        self.jobs: dict[str, str] = {}

    def start(self, run: LabelRun, manifest: BuiltManifest) -> LabelingJob:
        name = f"job-{run.run_id}"
        maker = self.jobs.setdefault(name, run.execution)
        return LabelingJob(name=name, created_here=maker == run.execution)

    def progress(self, job_name: str) -> LabelingProgress:
        return LabelingProgress(status=self._status, finished=True)

    def stop(self, run: LabelRun) -> bool:
        return self.jobs.get(f"job-{run.run_id}") == run.execution

    def result(self, run: LabelRun, job_name: str, manifest: BuiltManifest) -> LabelingResult:
        return self._result
