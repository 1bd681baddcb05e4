"""The labeling job of the demo as its back end shows it: how far it is, and how it is stopped."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from scripts.demo.clients import Clients
from scripts.demo.job import DemoError

BACK_ENDS = ("ground_truth", "portal")


@dataclass(frozen=True)
class Progress:
    """`open`: people may still be asked."""

    name: str
    labeled: int
    total: int
    open: bool


class LabelingJobs(Protocol):
    """The newest job, and where people work on it."""

    address: str

    def progress(self) -> Progress | None: ...

    def stop(self, name: str) -> None: ...


class GroundTruthJobs:
    """Ground Truth's, by SageMaker's API."""

    def __init__(self, clients: Clients, address: str) -> None:
        self.address = address
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
        self.address = outputs["PortalAddress"]
        self._functions = clients.functions
        self._name = outputs["ManageLabelingFunctionName"]

    def progress(self) -> Progress | None:
        jobs = self._ask(action="jobs")["jobs"]
        if not jobs or jobs[0]["status"] == "Initializing":
            return None
        job = jobs[0]
        return Progress(job["job"], job["labeled"], job["objects"], job["status"] in ("InProgress", "Paused"))

    def stop(self, name: str) -> None:
        self._ask(action="close", job=name)

    def _ask(self, **question: str) -> dict[str, Any]:
        answer = self._functions.invoke(FunctionName=self._name, Payload=json.dumps(question))
        told: dict[str, Any] = json.loads(answer["Payload"].read())
        if answer.get("FunctionError"):
            raise DemoError(f"{self._name}: {told.get('errorMessage', told)}")
        return told


def labeling_jobs(back_end: str, clients: Clients, outputs: Mapping[str, str], ground_truth: str) -> LabelingJobs:
    """`ground_truth` is the address of Ground Truth's portal."""
    return PortalJobs(clients, outputs) if back_end == "portal" else GroundTruthJobs(clients, ground_truth)


def known_back_end(name: str) -> str:
    """As the settings write it; the first without a name."""
    written = name.strip().lower().replace("-", "_") or BACK_ENDS[0]
    if written not in BACK_ENDS:
        raise DemoError(f"BACKEND={name} is none of {', '.join(BACK_ENDS)}.")
    return written
