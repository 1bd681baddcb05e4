"""What the ledger knows of a data set: who is working on it, what each run came to, which version is the newest."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from domain.workflow.inputs import AugmentOutput, CostEstimate
from domain.workflow.s3_uri import S3Uri


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class Lease(_Record):
    """The right to make the data set's next version.

    `token` is the fencing token: it grows whenever the lease changes hands. `held_until` is in epoch seconds.
    """

    dataset: str
    run_id: str
    execution: str
    token: int
    held_until: float


class Head(_Record):
    """The newest published version, and the run that made it; heads of versions before 0.3 do not name it."""

    dataset: str
    number: int
    version: str
    run_id: str = ""


class RunRecord(_Record):
    """One run of `augment`. It is written once the job's inputs are frozen: that it exists says they are whole.

    `seed` is what the job gets, derived from `seed_given` where the mode is `new-variants`; `mode` is `first` without a
    parent. Records of versions before 0.3 have neither `seed_given` nor `mode`. `code` is the name of the file with the
    custom steps; it and the background clips are known by the SHA-256 of their content and of their listing.
    `embedding_model`: where the stage's own model lies among the job's inputs, if it has one and the run wants it.
    `cost` was estimated before the job, which is stopped after `deadline_seconds`.
    """

    dataset: str
    run_id: str
    number: int
    version: str
    parent: str | None = None
    source_prefix: str
    label_attribute: str
    seed: int
    seed_given: int | None = None
    mode: str = ""
    instances: int
    started: str
    code: str | None = None
    code_sha256: str | None = None
    backgrounds_sha256: str | None = None
    embedding_model: str | None = None
    cost: CostEstimate | None = None
    deadline_seconds: int | None = None
    failure: str = ""
    result: AugmentOutput | None = None


class NewestLabels(_Record):
    """The labels that a scheduled augmentation uses. `collected` is in ISO 8601, UTC, so that texts order by time."""

    dataset: str
    run_id: str
    labels_uri: S3Uri
    source_prefix: str
    label_attribute: str
    collected: str
