"""The labeling job of the demo as its back end shows it: how far it is, and how it is stopped."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from scripts.demo.clients import Clients
from scripts.demo.job import DemoError

IN_THE_CLOUD = ("ground_truth", "portal", "auto")
"""What the local cloud has by itself."""
BACKENDS = (*IN_THE_CLOUD, "label_studio")
FOR_AUDIO = ("portal", "auto")
"""Ground Truth has no built-in task for sound."""


@dataclass(frozen=True)
class Progress:
    """`open`: people may still be asked."""

    name: str
    labeled: int
    total: int
    open: bool


class LabelingJobs(Protocol):
    """The newest job, and where people work: at one of the addresses."""

    @property
    def addresses(self) -> tuple[str, ...]: ...

    def progress(self) -> Progress | None: ...

    def stop(self, name: str) -> None: ...


class GroundTruthJobs:
    """Ground Truth's, by SageMaker's API."""

    def __init__(self, clients: Clients, address: str) -> None:
        self.addresses: tuple[str, ...] = (address,)
        self._sagemaker = clients.sagemaker

    def progress(self) -> Progress | None:
        found = self._sagemaker.list_labeling_jobs(SortBy="CreationTime", SortOrder="Descending", MaxResults=1)
        names = [job["LabelingJobName"] for job in found["LabelingJobSummaryList"]]
        if not names:
            return None
        job = self._sagemaker.describe_labeling_job(LabelingJobName=names[0])
        counters = job["LabelCounters"]
        total = counters["TotalLabeled"] + counters["Unlabeled"] + counters["FailedNonRetryableError"]
        going_on = job["LabelingJobStatus"] in ("Initializing", "InProgress")
        return Progress(names[0], counters["TotalLabeled"], total, going_on)

    def stop(self, name: str) -> None:
        self._sagemaker.stop_labeling_job(LabelingJobName=name)


class PortalJobs:
    """Our own portal's, by the requesters' function."""

    def __init__(self, clients: Clients, outputs: Mapping[str, str]) -> None:
        self.addresses: tuple[str, ...] = (outputs["PortalAddress"],)
        self._functions = clients.functions
        self._name = outputs["ManageLabelingFunctionName"]

    def progress(self) -> Progress | None:
        jobs = self._ask(action="jobs")["jobs"]
        if not jobs or jobs[0]["status"] == "Initializing":
            return None
        job = jobs[0]
        return Progress(
            job["job"], job["labeled"], job["objects"], job["status"] in ("InProgress", "Paused", "Answered")
        )

    def stop(self, name: str) -> None:
        self._ask(action="close", job=name)

    def _ask(self, **question: str) -> dict[str, Any]:
        answer = self._functions.invoke(FunctionName=self._name, Payload=json.dumps(question))
        told: dict[str, Any] = json.loads(answer["Payload"].read())
        if answer.get("FunctionError"):
            raise DemoError(f"{self._name}: {told.get('errorMessage', told)}")
        return told


class JobsOfEither:
    """Of whichever back end the run's job is in; people are at work in both."""

    def __init__(self, *backends: LabelingJobs) -> None:
        self._backends = backends
        self.addresses = tuple(address for jobs in backends for address in jobs.addresses)

    def progress(self) -> Progress | None:
        found = self._found()
        return found[1] if found else None

    def stop(self, name: str) -> None:
        if found := self._found():
            found[0].stop(name)

    def _found(self) -> tuple[LabelingJobs, Progress] | None:
        looked = [(jobs, jobs.progress()) for jobs in self._backends]
        there = [(jobs, progress) for jobs, progress in looked if progress]
        return max(there, key=lambda each: each[1].open, default=None)


def labeling_jobs(backend: str, clients: Clients, outputs: Mapping[str, str], ground_truth: str) -> LabelingJobs:
    """`ground_truth` is the address of Ground Truth's portal."""
    if backend == "ground_truth":
        return GroundTruthJobs(clients, ground_truth)
    portal = PortalJobs(clients, outputs)
    if backend == "portal" or not outputs["GroundTruthPortal"].startswith("https://"):
        return portal
    return JobsOfEither(GroundTruthJobs(clients, ground_truth), portal)


def known_backend(name: str, among: Sequence[str] = BACKENDS) -> str:
    """As the settings write it; the first without a name."""
    written = name.strip().lower().replace("-", "_") or among[0]
    if written not in among:
        raise DemoError(f"BACKEND={name} is none of {', '.join(among)}.")
    return written
