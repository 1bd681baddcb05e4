"""What one state of a workflow hands to the next: URIs and counts, never lists of objects."""

from __future__ import annotations

import json
import re
from datetime import datetime
from typing import Any, Literal, Union

from pydantic import BaseModel, ConfigDict, Field

from domain.workflow.fields import Dataset, LabelAttribute, RunId, SourcePrefix
from domain.workflow.inputs import AugmentInput, AugmentOutput, CostEstimate, LabelInput, Payload
from domain.workflow.s3_uri import S3Uri

_LATEST_SECOND = 1e11
"""Of the epoch: the year 5138. What is larger counts milliseconds."""


class LabelRun(LabelInput):
    """A validated `label` or `pipeline` input with every default filled in.

    After the preflight `backend` is the one that was chosen; in a run of before there was a choice it stays "auto".
    """

    run_id: RunId
    source_prefix: SourcePrefix
    execution: str


class AugmentRun(AugmentInput):
    """A validated `augment` input with its run id filled in; what depends on the ledger is still open.

    `near_duplicates`: the recipe wants pictures that are nearly the same to share a split. `embeddings`: it wants those
    of the images kept with the version.
    """

    run_id: RunId
    execution: str
    near_duplicates: bool = False
    embeddings: bool = False


class BuiltManifest(Payload):
    """What `build_manifest` wrote: URIs and counts, never lists of objects. People are asked for those `accepted`;
    `left_out` are those that filter or sample pass over, and no part of `objects`; `cost` is what asking comes to."""

    manifest_uri: S3Uri
    categories_uri: S3Uri
    template_uri: S3Uri
    rejected_uri: S3Uri
    output_uri: S3Uri
    objects: int = Field(ge=0)
    accepted: int = Field(ge=0)
    rejected: int = Field(ge=0)
    reused: int = Field(default=0, ge=0)
    cost: CostEstimate | None = None
    left_out: int = Field(default=0, ge=0)


class LabelingJob(Payload):
    """A labeling job that was started. `created_here` is false when another execution of the same run had made it."""

    name: str
    created_here: bool


class LabelingProgress(Payload):
    """One look at a labeling job."""

    status: str
    finished: bool
    labeled: int = 0
    unlabeled: int = 0
    failed: int = 0
    failure_reason: str = ""


class AugmentStart(Payload):
    """`begin_augmentation` took the lease and froze the job's inputs: what the processing job is to make of them.

    `token` is the lease's fencing token. `fingerprint_job` names the job that comes before where several machines each
    see a part of the images. `sources_uri` is a manifest of those that a job can read; the arguments are the engine's,
    `container_arguments` those of what starts it.
    `deadline_seconds` bounds one processing job, so that it cannot outlive the lease.
    """

    outcome: Literal["start"] = "start"
    dataset: Dataset
    run_id: RunId
    version: str
    version_uri: S3Uri
    token: int
    job_name: str
    fingerprint_job: str | None
    sources_uri: S3Uri
    config_uri: S3Uri
    fingerprint_arguments: list[str]
    container_arguments: list[str] = Field(default_factory=list)
    run_arguments: list[str]
    label_attribute: LabelAttribute
    seed: int
    instances: int
    deadline_seconds: int


class AugmentNothing(Payload):
    """There is nothing to do, or nothing yet: the run has published already, or another one is alive.

    `result` ends the execution, unless the outcome is `wait`: then its `reason` says who holds the lease.
    """

    outcome: Literal["already-published", "skipped", "wait"]
    dataset: Dataset
    run_id: RunId
    result: AugmentOutput


AugmentBegun = Union[AugmentStart, AugmentNothing]  # noqa: UP007 - evaluated at run time, on Python 3.10 too
"""What `begin_augmentation` decided; `outcome` tells which."""


class Request(Payload):
    """What a function is asked. `about` names the run in what is logged."""

    def about(self) -> dict[str, str]:
        return {}


class ValidationRequest(Request):
    """Input of `validate_input`: the execution's own input, unchecked, and which workflow it is for."""

    kind: Literal["label", "assist", "pipeline", "augment"]
    execution: str
    input: Any


class RunRequest(Request):
    run: LabelRun

    def about(self) -> dict[str, str]:
        return {"run_id": self.run.run_id, "dataset": self.run.dataset}


class StartRequest(RunRequest):
    manifest: BuiltManifest


class JobRequest(RunRequest):
    job: LabelingJob


class AwaitRequest(JobRequest):
    """`token` is the task token by which the execution is woken."""

    manifest: BuiltManifest
    token: str


class CollectRequest(JobRequest):
    manifest: BuiltManifest
    progress: LabelingProgress


class RoundRequest(RunRequest):
    """What comes next in a run in rounds, whose round has this number, from 0. `decided`: the job that decides whom to
    ask has just ended well."""

    manifest: BuiltManifest
    number: int = Field(ge=0)
    decided: bool = False


class JobInput(Payload):
    """An input of a processing job, by SageMaker's words for its type; the job finds it in the folder of its name."""

    name: str
    uri: S3Uri
    type: Literal["ManifestFile", "S3Prefix"] = "S3Prefix"


class DecideRound(Payload):
    """A processing job decides whom to ask: its inputs, but for the code, and where what it decides goes."""

    outcome: Literal["decide"] = "decide"
    job_name: str
    inputs: list[JobInput]
    output_uri: S3Uri
    run_arguments: list[str]
    deadline_seconds: int


class AskRound(Payload):
    """People are to be asked: the input of the round's execution of `label`."""

    outcome: Literal["ask"] = "ask"
    asked: int
    input: LabelInput


class RoundAnswered(Payload):
    """People have answered the round in an earlier execution of the run, all of it or what they came to."""

    outcome: Literal["answered"] = "answered"


class RoundsDone(Payload):
    """Nobody is to be asked any more."""

    outcome: Literal["done"] = "done"


RoundStep = Union[DecideRound, AskRound, RoundAnswered, RoundsDone]  # noqa: UP007 - evaluated at run time, on Python 3.10 too


class CollectRoundsRequest(RunRequest):
    """`number` is the last round that was decided, `job_name` the last labeling job. `stopped`: that job, or the run,
    was ended before its time."""

    manifest: BuiltManifest
    number: int = Field(ge=0)
    job_name: str = ""
    stopped: bool = False


class BeginRequest(Request):
    run: AugmentRun

    def about(self) -> dict[str, str]:
        return {"run_id": self.run.run_id, "dataset": self.run.dataset}


class JobTimes(Payload):
    """When SageMaker began and ended a job, as Step Functions writes it: ISO 8601, or milliseconds of the epoch."""

    started: str | None = None
    ended: str | None = None

    @property
    def seconds(self) -> float | None:
        """Between the two; None where one is not known."""
        if self.started is None or self.ended is None:
            return None
        return max(0.0, _moment(self.ended) - _moment(self.started))


def _moment(text: str) -> float:
    """Seconds of the epoch."""
    if re.fullmatch(r"\d+(\.\d+)?(E\d+)?", text):
        number = float(text)
        return number / 1000 if number > _LATEST_SECOND else number
    return datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


class PublishRequest(BeginRequest):
    """`times` of the job for fingerprints and of the job itself; null for one that was not there."""

    begun: AugmentStart
    times: list[JobTimes | None] = Field(default_factory=list)


class Failure(BaseModel):
    """An error as Step Functions hands it on."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    error: str = Field(alias="Error")
    cause: str = Field(default="", alias="Cause")

    def __str__(self) -> str:
        """For people, as in the state DescribeFailure: of a Lambda error or a failed job only what it says itself."""
        try:
            told = json.loads(self.cause)
        except ValueError:
            told = None
        parts = told if isinstance(told, dict) else {}
        said = parts.get("errorMessage") or parts.get("ExitMessage") or parts.get("FailureReason") or self.cause
        return f"{self.error}: {said}"


class EndRequest(BeginRequest):
    failure: Failure | None = None
