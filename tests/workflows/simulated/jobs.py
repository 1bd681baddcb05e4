"""Processing jobs and people's answers of the simulated account, on its clock."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.workflows.simulated.queries import TaskError

Then = Callable[[Any], None]


@dataclass
class ProcessingJob:
    request: dict[str, Any]
    status: str = "InProgress"
    reason: str = ""
    waiting: Then | None = None

    @property
    def uri(self) -> str:
        return str(self.request["ProcessingOutputConfig"]["Outputs"][0]["S3Output"]["S3Uri"])


class Jobs:
    """The part of an account that works: see `Account`, which has what is used here."""

    jobs: dict[str, ProcessingJob]
    labeler: Any
    faults: Any
    chance: Any
    store: Any
    labels: tuple[str, ...]
    work: Any
    job_takes: Any
    answered_in: Any
    at: Callable[..., None]
    _event: Callable[..., None]

    def _create_job(self, running: Any, request: dict[str, Any], then: Then) -> None:
        name = request["ProcessingJobName"]
        if name in self.jobs:
            then(TaskError("SageMaker.ResourceInUseException", f"{name} exists"))
            return
        if self.faults.strikes("throttled"):
            then(TaskError("SageMaker.AmazonSageMakerException", "Rate exceeded (Error Code: ThrottlingException)"))
            return
        self.jobs[name] = ProcessingJob(request)
        self.at(self.job_takes(self.chance), lambda: self._job_is_done(name))
        if self.faults.strikes("unanswered"):
            then(TaskError("SageMaker.AmazonSageMakerException", "Read timed out"))
            return
        self.jobs[name].waiting = then
        running.job = name

    def _job_is_done(self, name: str) -> None:
        if self.jobs[name].status == "InProgress" and self.faults.strikes("job_lost"):
            reason = self.chance.choice(["CapacityError: no machine left", "somebody stopped it"])
            self.end_job(name, "Failed" if "Capacity" in reason else "Stopped", reason)
            return
        if self.jobs[name].status == "InProgress":
            self.work(self, self.jobs[name].request)
        self.end_job(name, "Completed")

    def end_job(self, name: str, status: str, reason: str = "") -> None:
        job = self.jobs.get(name)
        if job is None or job.status != "InProgress":
            return
        job.status, job.reason = status, reason
        if job.waiting is not None:
            told = {"ProcessingJobName": name, "ProcessingJobStatus": status, "FailureReason": reason}
            job.waiting(told if status == "Completed" else TaskError("States.TaskFailed", json.dumps(told)))

    def _described(self, name: str) -> Any:
        job = self.jobs[name]
        output = job.request["ProcessingOutputConfig"]
        return {"ProcessingJobStatus": job.status, "ProcessingOutputConfig": output}

    def _manifest(self, uri: str) -> list[str]:
        lines = self.store.read(uri.split("/", 3)[3]).splitlines()
        return [json.loads(line)["source-ref"] for line in lines if line]

    def _people_begin(self, name: str) -> None:
        for source in self.labeler.jobs[name].sources:
            self.at(self.answered_in(self.chance), lambda source=source: self._answer(name, source))

    def _answer(self, name: str, source: str) -> None:
        job = self.labeler.jobs[name]
        if job.status == "InProgress":
            job.answers[source] = self.chance.choice(self.labels)
            if len(job.answers) == len(job.sources):
                self.labeler.close(name, "Completed")

    def _labeling_ended(self, name: str) -> None:
        self._event("labeling_ended", {"resources": [f"labeling-job/{name}"]})
