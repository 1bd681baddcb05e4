"""What goes into the workflows and comes out of them. Fields that no model names are refused."""

from __future__ import annotations

import json
from collections.abc import Mapping
from difflib import get_close_matches
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from domain.errors import InvalidInput
from domain.labels.assisted import Assisted
from domain.labels.rows import LabelCounts
from domain.task_types import task_type
from domain.task_types.model import TaskType
from domain.text import looks
from domain.workflow.assist import Assist, Switched
from domain.workflow.fields import (
    BackgroundsPrefix,
    Caption,
    ClaimedAttribute,
    CodeKey,
    Dataset,
    ExampleImage,
    Globs,
    GoldKey,
    Keyword,
    Label,
    LabelAttribute,
    LabelsUri,
    ManifestKey,
    Question,
    RecipeKey,
    RunId,
    SourcePrefix,
    Title,
    Window,
)
from domain.workflow.s3_uri import S3Uri

AUTO = "auto"
"""The back end that can be used is found by itself."""


class Payload(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Example(Payload):
    """A picture in the instructions, of what is right or wrong: the key or URI of one below instructions/ or raw/."""

    image: ExampleImage
    good: bool
    caption: Caption = ""


class LabelingTask(Payload):
    """The question, and on what terms people answer it. Limits are Ground Truth's own.

    `instructions` stand beside the question, `full_instructions` and `examples` open when they are asked for.
    Objects that people have labeled before, asked the same question with the same labels, are asked for again only by
    `relabel`. The job stops by itself once so many objects, or so large a percentage of them, are labeled; it does not
    start where its estimated cost is above `max_cost`, in US dollars. `max_concurrent_tasks` objects at most are with
    workers at once. `automated_labeling`: what Ground Truth's own model is sure of, nobody is asked for.
    `consensus`: how several answers become one, where the back end leaves it to us or not: its majority, or Dawid and
    Skene's estimate of how often each worker is right. `gold` names a file of known answers, which are mixed in as
    `gold_share` of what people are asked at most; the votes of a worker who is right less often than `gold_floor` on
    them do not count. An object that is less sure than `ask_again_below` is asked of more workers, one at a time, until
    `most_workers` have answered (twice `workers_per_object`, 9 at most, where it is not given); then it waits for a
    reviewer.
    """

    type: str
    question: Question
    labels: tuple[Label, ...] = ()
    title: Title = ""
    instructions: str = Field(default="", max_length=10_000)
    full_instructions: str = Field(default="", max_length=10_000)
    examples: tuple[Example, ...] = Field(default=(), max_length=8)
    label_descriptions: dict[Label, Caption] = {}
    label_attribute: ClaimedAttribute = "label"
    workers_per_object: int = Field(default=3, ge=1, le=9)
    task_time_limit_seconds: int = Field(default=1_800, ge=30, le=28_800)
    availability_seconds: int = Field(default=864_000, ge=60, le=2_592_000)
    max_labeled_objects: int | None = Field(default=None, ge=1)
    max_labeled_percent: int | None = Field(default=None, ge=1, le=100)
    max_cost: float | None = Field(default=None, ge=0, allow_inf_nan=False)
    max_concurrent_tasks: int | None = Field(default=None, ge=1, le=5_000)
    automated_labeling: bool = False
    relabel: bool = False
    consensus: Literal["majority", "dawid_skene"] = "majority"
    gold: GoldKey | None = None
    gold_share: float = Field(default=0.1, gt=0, le=0.5)
    gold_floor: float | None = Field(default=None, ge=0, le=1)
    ask_again_below: float | None = Field(default=None, gt=0, le=1)
    most_workers: int | None = Field(default=None, ge=1, le=9)
    keywords: tuple[Keyword, ...] = Field(default=("image",), min_length=1, max_length=5)

    @model_validator(mode="after")
    def _labels_fit_the_type(self) -> LabelingTask:
        # Ground Truth compares class names exactly; two that differ only in case would confuse people and folders.
        if len({label.casefold() for label in self.labels}) != len(self.labels):
            raise ValueError(f"labels must differ by more than case: {list(self.labels)}")
        if len(set(map(looks, self.labels))) != len(self.labels):
            raise ValueError(f"two labels look the same to whoever chooses between them: {list(self.labels)}")
        return self

    @model_validator(mode="after")
    def _a_floor_needs_gold(self) -> LabelingTask:
        if self.gold_floor is not None and self.gold is None:
            raise ValueError("gold_floor: how often a worker is right is told by known answers: give gold too")
        return self

    @model_validator(mode="after")
    def _who_is_asked_again(self) -> LabelingTask:
        if self.ask_again_below is None:
            if self.most_workers is not None:
                raise ValueError("most_workers: it bounds how many are asked again: give ask_again_below too")
            return self
        if self.most_workers is not None and self.most_workers < self.workers_per_object:
            raise ValueError(f"most_workers: {self.workers_per_object} workers answer each object in the first place")
        if self.max_labeled_objects is not None or self.max_labeled_percent is not None:
            raise ValueError(
                "ask_again_below: a job that ends with so many labeled objects asks nothing again; leave out "
                "max_labeled_objects and max_labeled_percent, or take a sample of the objects"
            )
        return self

    @property
    def workers_at_most(self) -> int:
        """How many may answer one object."""
        if self.ask_again_below is None:
            return self.workers_per_object
        return self.most_workers or min(9, 2 * self.workers_per_object)

    @model_validator(mode="after")
    def _labels_are_described(self) -> LabelingTask:
        for name in self.label_descriptions:
            if name not in self.labels:
                near = get_close_matches(name, self.labels, n=1)
                hint = f"; did you mean {near[0]!r}?" if near else f"; the labels are {list(self.labels)}"
                raise ValueError(f"label_descriptions: {name!r} is none of the labels{hint}")
        return self


class Sample(Payload):
    """So many objects, or so large a part of them, chosen by chance: always the same ones for the same seed."""

    objects: int | None = Field(default=None, ge=1)
    percent: float | None = Field(default=None, gt=0, le=100)

    @model_validator(mode="after")
    def _one_of_both(self) -> Sample:
        if (self.objects is None) == (self.percent is None):
            raise ValueError('give either {"objects": <how many>} or {"percent": <how much>}')
        return self


MaxCost = Annotated[float | None, Field(ge=0, allow_inf_nan=False)]
Doctor = Literal["off", "report"]
"""Whether the version gets a page about what may be wrong with its sources. What is found changes nothing by itself."""


class LabelInput(Payload):
    """Input of `label` and of `pipeline`; `code`, `backgrounds` and `doctor` as in `augment`.

    People are asked for the objects below `source_prefix`: for all, or for those that `manifest` lists and `filter`,
    globs of their names below the prefix, lets through; of those that have no label yet, for a `sample`. `backend` is
    the name of one that the stage has, or "auto". `max_cost`, US dollars, is what all of it may cost: the preflight
    refuses a run whose estimate is above.

    `assist`: people are asked in rounds, by the workflow `assist`, and a model labels what it is sure of. `round_of` is
    the run of which this one is a round: its labels are that run's, and not the data set's newest.
    """

    dataset: Dataset
    run_id: RunId | None = None
    source_prefix: SourcePrefix | None = None
    backend: str = AUTO
    manifest: ManifestKey | None = None
    filter: Globs | None = None
    sample: Sample | None = None
    task: LabelingTask
    assist: Switched[Assist] = None
    round_of: RunId | None = None
    recipe: RecipeKey
    code: CodeKey | None = None
    backgrounds: BackgroundsPrefix | None = None
    seed: int = Field(default=0, ge=0, le=2**53)
    instances: int = Field(default=1, ge=1, le=100)
    doctor: Doctor = "off"
    max_cost: MaxCost = None


Mode = Literal["new-variants", "new-sources"]
"""What a version adds to its parent: other random variants of all sources, or what the parent lacks: the outputs of new
sources and labels, and further variants of others where balance then asks for them."""


class AugmentInput(Payload):
    """Input of `augment`. `window` is the time of the schedule's tick, from which the run id derives.

    Without a `mode`, a run that names its labels makes `new-sources`, as a pipeline does; a tick, and a run over the
    labels that the data set has, make `new-variants`. `code` is the file with the recipe's custom steps, `backgrounds`
    the prefix that stands in for the recipe's folder where a step names a folder of clips. `doctor: "report"` puts a
    page with doubtful labels, copies and spoiled pictures beside the version; it looks at all files on one machine.
    `max_cost`: what its machines may cost, US dollars; a run that is likely to cost more does not start, and one that
    takes longer than it was likely to is stopped.
    """

    dataset: Dataset
    run_id: RunId | None = None
    window: Window | None = None
    source_prefix: SourcePrefix | None = None
    labels_uri: LabelsUri | None = None
    mode: Mode | None = None
    label_attribute: LabelAttribute | None = None
    recipe: RecipeKey
    code: CodeKey | None = None
    backgrounds: BackgroundsPrefix | None = None
    seed: int = Field(default=0, ge=0, le=2**53)
    instances: int = Field(default=1, ge=1, le=100)
    doctor: Doctor = "off"
    max_cost: MaxCost = None


class CostEstimate(Payload):
    """What a job costs at most by list prices, in US dollars; `made_of` says how that comes about, `besides` what comes
    on top and cannot be known here. `likely`: what it costs if it takes as long as such jobs do."""

    usd: float
    likely: float | None = None
    made_of: str
    besides: str = ""


class LabelOutput(Payload):
    """`reused` of the labeled objects had their label from an earlier run, or from known answers; `job_name` is empty
    if all had. `left_out` objects are in no count: the filter or the sample passed them over.

    `backend` is the one that people labeled in, `cost` was estimated before the job; runs of versions before 0.3 have
    neither. `assist` says who gave the labels of a run in rounds; its cost is that of asking about all.
    """

    dataset: Dataset
    run_id: RunId
    labels_uri: S3Uri
    job_name: str
    job_status: str
    counts: LabelCounts
    classes: dict[str, int]
    reused: int = 0
    backend: str = ""
    cost: CostEstimate | None = None
    left_out: int = 0
    assist: Assisted | None = None
    answered: int | None = None


class Took(Payload):
    """What a run took. `host_seconds`: the engine's own time on all machines, for so many `sources`; `billed_seconds`:
    that of all machines between SageMaker's start and end of each job, where they are known. `usd`: by list price."""

    instance_type: str
    instances: int
    sources: int
    host_seconds: float
    billed_seconds: float | None = None
    usd: float | None = None


class AugmentOutput(Payload):
    """`cost` was estimated before the run; `took` is what it came to."""

    outcome: Literal["published", "already-published", "skipped"]
    dataset: Dataset
    run_id: RunId
    version: str = ""
    mode: str = ""
    uri: str = ""
    outputs: int = 0
    quarantined: int = 0
    splits: dict[str, int] = {}
    exports: dict[str, int] = {}
    classes: dict[str, int] = {}
    report_uri: str = ""
    reason: str = ""
    cost: CostEstimate | None = None
    took: Took | None = None


Model = TypeVar("Model", bound=BaseModel)


def parse(model: type[Model], data: Any) -> Model:
    """`data`, which came as JSON, as `model`: `"7"` and `true` are no numbers.

    Raises:
        InvalidInput: the message names each wrong field, what is wrong with it and, in short, what was given.
    """
    if not isinstance(data, Mapping):
        raise InvalidInput(f"the input must be a JSON object, not {type(data).__name__}")
    try:
        return model.model_validate_json(json.dumps(data), strict=True)
    except ValidationError as error:
        raise InvalidInput("; ".join(_describe(item) for item in error.errors(include_url=False))) from error


def check_task(task: LabelingTask) -> None:
    """Refuses a task type that is not there yet, and a number of labels that the type cannot have."""
    kind = task_type(task.type)
    if task.labels and not kind.max_labels:
        own = ", ".join(kind.own_labels)
        raise InvalidInput(f"task.labels: {kind.name} takes none; its answers are {own}")
    if not kind.min_labels <= len(task.labels) <= kind.max_labels:
        raise InvalidInput(
            f"task.labels: {kind.name} takes {kind.min_labels} to {kind.max_labels} labels, not {len(task.labels)}"
        )
    if task.gold is not None and not _can_be_known(kind):
        told = "labels, boxes and transcripts"
        raise InvalidInput(f"task.gold: known answers are there for {told}, not for {kind.name} yet")


def _can_be_known(kind: TaskType) -> bool:
    """Not of a record, nor where each object comes with a label of its own."""
    return kind.weighed.counts != "fields" if kind.weighed else not kind.fields


def _describe(item: Any) -> str:
    where = ".".join(str(part) for part in item["loc"]) or "the input"
    if item["type"] == "extra_forbidden":
        return f"{where}: there is no such field"
    if item["type"] == "missing":
        return f"{where}: is required"
    return f"{where}: {item['msg'].removeprefix('Value error, ')} (got {_short(item.get('input'))})"


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 80 else f"{text[:77]}..."
