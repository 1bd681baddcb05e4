"""What goes into the workflows and comes out of them. Fields that no model names are refused."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from domain.errors import InvalidInput
from domain.labels import LabelCounts
from domain.names import DATASET_PATTERN, RUN_ID_PATTERN
from domain.object_keys import key_problem
from domain.task_types import task_type

Dataset = Annotated[str, StringConstraints(pattern=DATASET_PATTERN)]
RunId = Annotated[str, StringConstraints(pattern=RUN_ID_PATTERN)]
Keyword = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9]+( [A-Za-z0-9]+)*$", max_length=30)]
S3Uri = Annotated[str, StringConstraints(pattern=r"^s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]/.+")]
Window = Annotated[str, StringConstraints(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?$")]
LabelAttribute = Annotated[str, StringConstraints(pattern=r"^[a-zA-Z0-9](-*[a-zA-Z0-9])*$", max_length=127)]


def _safe_key(key: str) -> str:
    problem = key_problem(key)
    if problem:
        raise ValueError(f"{key!r} {problem}")
    return key


def _folder(prefix: str) -> str:
    return _safe_key(prefix if prefix.endswith("/") else f"{prefix}/")


def _free_attribute(name: str) -> str:
    if name == "source" or name.endswith(("-metadata", "-ref")):
        raise ValueError(
            "Ground Truth takes 'source', names ending in '-ref' and names ending in '-metadata' for itself"
        )
    return name


def _one_line(text: str) -> str:
    if re.search(r"[\x00-\x1f\x7f]", text):
        raise ValueError("must be one line without control characters")
    return text


def _plain_title(title: str) -> str:
    if any(ord(character) > 0xFFFD for character in title):
        raise ValueError("Ground Truth takes no characters beyond U+FFFD (such as emoji) in a title")
    return _one_line(title)


def _label(label: str) -> str:
    if label != label.strip() or not label or len(label) > 256 or re.search(r"[\x00-\x1f\x7f]", label):
        raise ValueError(f"{label!r} must have 1 to 256 characters, no control character, no space at its ends")
    return label


Key = Annotated[str, StringConstraints(min_length=1, max_length=1024), AfterValidator(_safe_key)]
Prefix = Annotated[str, StringConstraints(min_length=1, max_length=1024), AfterValidator(_folder)]
Label = Annotated[str, AfterValidator(_label)]


class Payload(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class LabelingTask(Payload):
    """The question, and on what terms people answer it. Limits are Ground Truth's own."""

    type: str
    question: Annotated[str, Field(min_length=1, max_length=255), AfterValidator(_one_line)]
    labels: tuple[Label, ...]
    title: Annotated[str, Field(max_length=128), AfterValidator(_plain_title)] = ""
    instructions: str = Field(default="", max_length=10_000)
    label_attribute: Annotated[LabelAttribute, AfterValidator(_free_attribute)] = "label"
    workers_per_object: int = Field(default=3, ge=1, le=9)
    task_time_limit_seconds: int = Field(default=1_800, ge=30, le=28_800)
    availability_seconds: int = Field(default=864_000, ge=60, le=2_592_000)
    keywords: tuple[Keyword, ...] = Field(default=("image",), min_length=1, max_length=5)

    @model_validator(mode="after")
    def _labels_fit_the_type(self) -> LabelingTask:
        # Ground Truth compares class names exactly; two that differ in case alone would confuse people and folders.
        if len({label.casefold() for label in self.labels}) != len(self.labels):
            raise ValueError(f"labels must differ by more than case: {list(self.labels)}")
        return self


class LabelInput(Payload):
    """Input of `label` and of `pipeline`."""

    dataset: Dataset
    run_id: RunId | None = None
    source_prefix: Prefix | None = None
    task: LabelingTask
    recipe: Key
    seed: int = Field(default=0, ge=0, le=2**53)
    instances: int = Field(default=1, ge=1, le=100)


class AugmentInput(Payload):
    """Input of `augment`. `window` is the time of the schedule's tick, from which the run id derives."""

    dataset: Dataset
    run_id: RunId | None = None
    window: Window | None = None
    source_prefix: Prefix | None = None
    labels_uri: S3Uri | None = None
    label_attribute: LabelAttribute | None = None
    recipe: Key
    seed: int = Field(default=0, ge=0, le=2**53)
    instances: int = Field(default=1, ge=1, le=100)


class LabelRun(LabelInput):
    """A validated `label` or `pipeline` input with every default filled in."""

    run_id: RunId
    source_prefix: Prefix
    execution: str


class AugmentRun(AugmentInput):
    """A validated `augment` input with its run id filled in; what depends on the ledger is still open."""

    run_id: RunId
    execution: str


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


class LabelOutput(Payload):
    dataset: Dataset
    run_id: RunId
    labels_uri: S3Uri
    job_name: str
    job_status: str
    counts: LabelCounts
    classes: dict[str, int]


class AugmentPlan(Payload):
    """What `begin_augmentation` decided. `reason` belongs to `skipped`, `published` to `already-published`.

    The rest belongs to `start`; `deadline_seconds` bounds one processing job, so that it cannot outlive the lease.
    """

    outcome: Literal["start", "already-published", "skipped"]
    dataset: Dataset
    run_id: RunId
    reason: str = ""
    published: AugmentOutput | None = None
    version: str = ""
    version_uri: str = ""
    token: int = 0
    job_name: str = ""
    source_uri: str = ""
    config_uri: str = ""
    label_attribute: str = "label"
    seed: int = 0
    instances: int = 1
    deadline_seconds: int = 0


class AugmentOutput(Payload):
    outcome: Literal["published", "already-published", "skipped"]
    dataset: Dataset
    run_id: RunId
    version: str = ""
    uri: str = ""
    outputs: int = 0
    quarantined: int = 0
    splits: dict[str, int] = {}
    exports: dict[str, int] = {}
    classes: dict[str, int] = {}
    report_uri: str = ""
    reason: str = ""


Model = TypeVar("Model", bound=BaseModel)


def parse(model: type[Model], data: Any) -> Model:
    """`data` as `model`.

    Raises:
        InvalidInput: the message names each wrong field, what is wrong with it and, in short, what was given.
    """
    if not isinstance(data, Mapping):
        raise InvalidInput(f"the input must be a JSON object, not {type(data).__name__}")
    try:
        return model.model_validate(data)
    except ValidationError as error:
        raise InvalidInput("; ".join(_describe(item) for item in error.errors(include_url=False))) from error


def check_task(task: LabelingTask) -> None:
    """Refuses a task type that is not there yet, and a number of labels that the type cannot have."""
    kind = task_type(task.type)
    if not kind.min_labels <= len(task.labels) <= kind.max_labels:
        raise InvalidInput(
            f"task.labels: {kind.name} takes {kind.min_labels} to {kind.max_labels} labels, not {len(task.labels)}"
        )


def _describe(item: Any) -> str:
    where = ".".join(str(part) for part in item["loc"]) or "the input"
    if item["type"] == "extra_forbidden":
        return f"{where}: there is no such field"
    if item["type"] == "missing":
        return f"{where}: is required"
    return f"{where}: {item['msg'].removeprefix('Value error, ')} (got {_short(item.get('input'))})"


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 80 else f"{text[:77]}..."
