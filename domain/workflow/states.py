"""What one state of a workflow hands to the next: URIs and counts, never lists of objects."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from domain.workflow.fields import Dataset, RunId, S3Uri, SourcePrefix
from domain.workflow.inputs import AugmentInput, AugmentOutput, LabelInput, Payload


class LabelRun(LabelInput):
    """A validated `label` or `pipeline` input with every default filled in."""

    run_id: RunId
    source_prefix: SourcePrefix
    execution: str


class AugmentRun(AugmentInput):
    """A validated `augment` input with its run id filled in; what depends on the ledger is still open.

    `near_duplicates`: the recipe wants pictures that are nearly the same to share a split.
    """

    run_id: RunId
    execution: str
    near_duplicates: bool = False


class BuiltManifest(Payload):
    """What `build_manifest` wrote: URIs and counts, never lists of objects."""

    manifest_uri: S3Uri
    categories_uri: S3Uri
    template_uri: S3Uri
    rejected_uri: S3Uri
    output_uri: S3Uri
    objects: int = Field(ge=0)
    accepted: int = Field(ge=0)
    rejected: int = Field(ge=0)


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


class AugmentPlan(Payload):
    """What `begin_augmentation` decided. `result` is the execution's output unless the outcome is `start`.

    The rest belongs to `start`; `deadline_seconds` bounds one processing job, so that it cannot outlive the lease.
    `fingerprint_job` names the job that comes before where several machines each see a part of the images, else "".
    """

    outcome: Literal["start", "already-published", "skipped"]
    dataset: Dataset
    run_id: RunId
    result: AugmentOutput | None = None
    version: str = ""
    version_uri: str = ""
    token: int = 0
    job_name: str = ""
    fingerprint_job: str = ""
    source_uri: str = ""
    config_uri: str = ""
    label_attribute: str = "label"
    seed: int = 0
    instances: int = 1
    deadline_seconds: int = 0


class ValidationRequest(Payload):
    """Input of `validate_input`: the execution's own input, unchecked, and which workflow it is for."""

    kind: Literal["label", "pipeline", "augment"]
    execution: str
    input: Any


class RunRequest(Payload):
    run: LabelRun


class StartRequest(RunRequest):
    manifest: BuiltManifest


class JobRequest(RunRequest):
    job: LabelingJob


class CollectRequest(JobRequest):
    manifest: BuiltManifest
    progress: LabelingProgress


class BeginRequest(Payload):
    run: AugmentRun


class PublishRequest(BeginRequest):
    plan: AugmentPlan


class Failure(BaseModel):
    """An error as Step Functions hands it on."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    error: str = Field(alias="Error")
    cause: str = Field(default="", alias="Cause")


class EndRequest(BeginRequest):
    failure: Failure | None = None
