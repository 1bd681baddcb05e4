"""`labels.jsonl`: what became of each object of a run, one line an object, each object exactly once."""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    SerializerFunctionWrapHandler,
    ValidationError,
    ValidationInfo,
    model_serializer,
    model_validator,
)

from domain.errors import InvalidInput
from domain.jsonlines import numbered
from domain.labels.assisted import MachineFacts
from domain.labels.boxes import BoxLabel
from domain.labels.records import ReviewedRecord
from domain.text import composed

LABELED: Literal["labeled"] = "labeled"
UNLABELED: Literal["unlabeled"] = "unlabeled"
REJECTED: Literal["rejected"] = "rejected"
Decider = Literal["dawid_skene", "weighed_votes", "gold", "reviewer", "machine"]
Row = dict[str, Any]


def _kept(name: str, info: ValidationInfo) -> str:
    return info.context(name) if info.context else name


def _named(label: str) -> str:
    if not label:
        raise ValueError("a label is empty; leave the object out, or give it a status of `unlabeled` and a reason")
    return composed(label)


ClassName = Annotated[str, AfterValidator(_named)]


class Vote(BaseModel):
    """What one worker answered for one object: a label, or several, or boxes, a transcript, a reviewed record.

    `counted` is false where she was below the floor of a run with known answers, so that the label is others' alone.
    `suggested` are the labels that were suggested to her, of boxes their classes; None where nothing was.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    worker: str
    label: ClassName | None = None
    labels: tuple[ClassName, ...] = ()
    boxes: tuple[BoxLabel, ...] | None = None
    transcript: str | None = None
    record: ReviewedRecord | None = None
    counted: bool = True
    suggested: tuple[ClassName, ...] | None = None

    @model_serializer(mode="wrap")
    def _without_what_it_has_not(self, serialize: SerializerFunctionWrapHandler) -> dict[str, Any]:
        told: dict[str, Any] = serialize(self)
        if self.counted:
            del told["counted"]
        empty = {name: told[name] for name in ("boxes", "suggested") if getattr(self, name) is not None}
        return {name: value for name, value in told.items() if value not in (None, (), [])} | empty

    @property
    def chosen(self) -> str:
        """As a person reads it."""
        if self.label is not None:
            return self.label
        return " + ".join(self.labels) or "none"


class LabelRow(BaseModel):
    """One object's outcome.

    `source` is the key relative to the run's source prefix, `source_ref` its URI: the names that `manifest.jsonl` has.
    `label` is the single chosen class; `labels` holds it too, and holds all of them in a multi-label task. `confidence`
    is 0 to 1 as the back end gave it: human and machine confidences do not compare, and one worker gives 0. `boxes` is
    None where nobody drew boxes, and empty where somebody looked and found nothing. `transcript` is what is said in a
    clip, `record` what people found of a record. Objects of one `group`, a patient's or a scene's, can share a split.

    `decided_by` is there where it was no majority and not the back end: a consensus by how often each worker is right,
    whose `confidence` is the posterior or a share of the votes by weight, a known answer, or a reviewer, who knows no
    confidence and may leave a `comment`. `majority` are then the labels that most would have given, where they are
    others. `box_confidences` are those of `boxes`, in their order.
    Or it was the machine, in a run in rounds: `machine` says which, and how far it can be trusted; such a label is no
    answer of anybody, so later runs may ask.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    source: Annotated[str, Field(min_length=1), AfterValidator(_kept)]
    source_ref: str = Field(min_length=1)
    status: Literal["labeled", "unlabeled", "rejected"]
    label: ClassName | None = None
    labels: tuple[ClassName, ...] = ()
    confidence: float | None = Field(default=None, ge=0, le=1)
    votes: tuple[Vote, ...] = ()
    method: Literal["human", "machine"] | None = None
    reason: str | None = None
    boxes: tuple[BoxLabel, ...] | None = None
    transcript: str | None = None
    record: ReviewedRecord | None = None
    group: Annotated[str, Field(min_length=1)] | None = None
    box_confidences: tuple[Annotated[float, Field(ge=0, le=1)], ...] | None = None
    decided_by: Decider | None = None
    majority: tuple[ClassName, ...] | None = None
    comment: str | None = None
    machine: MachineFacts | None = None

    @model_validator(mode="after")
    def _label_or_reason(self) -> LabelRow:
        if self.status == LABELED:
            if not self.labels:
                raise ValueError("a labeled object needs its labels")
            if self.label is not None and self.label not in self.labels:
                raise ValueError("label must be one of labels")
        else:
            if self.labels or self.label is not None or self.boxes is not None:
                raise ValueError(f"an object that is {self.status} has no label")
            if not self.reason:
                raise ValueError(f"an object that is {self.status} needs a reason")
        return self


def class_of(row: LabelRow) -> str:
    """The class of a labeled object; several labels make one class of their own."""
    return row.label if row.label is not None else " + ".join(sorted(row.labels))


class LabelCounts(BaseModel):
    """How many objects ended in which status; the three always add up to `objects`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    objects: int = 0
    labeled: int = 0
    unlabeled: int = 0
    rejected: int = 0


def write_labels(rows: Iterable[LabelRow]) -> str:
    """`labels.jsonl` as text."""
    return "".join(label_lines(rows))


def label_lines(rows: Iterable[LabelRow]) -> Iterator[str]:
    """The same line by line, with their ends."""
    return (f"{row.model_dump_json(ensure_ascii=True, exclude=_unused(row))}\n" for row in rows)


_RARE = ("boxes", "transcript", "record", "group", "box_confidences", "decided_by", "majority", "comment", "machine")


def _unused(row: LabelRow) -> set[str]:
    """What most labels do not have; a row that says nothing of it is as it was before there was such a thing."""
    return {name for name in _RARE if getattr(row, name) is None}


def read_labels(text: str, name: str = "labels.jsonl") -> list[LabelRow]:
    """The rows of `labels.jsonl`.

    Raises:
        InvalidInput: a line does not fit, or an object comes twice; the message gives file and line.
    """
    return list(LabelLines(text.split("\n"), name))


def each_label(lines: Iterable[str], name: str = "labels.jsonl") -> Iterator[LabelRow]:
    """The rows of lines that are gone through once, none of them kept; whether an object comes twice is not looked at.

    Raises:
        InvalidInput: while it is gone through, of a line that does not fit.
    """
    return (_parsed(line, number, name, None) for number, line in numbered(lines))


class LabelLines(Collection[LabelRow]):
    """The rows of lines that can be gone through again and again, so that none is kept.

    `kept` gives the string that stands for a name: whoever keeps all names wants none of them twice.

    Raises:
        InvalidInput: at the start, as `read_labels`.
    """

    def __init__(
        self, lines: Iterable[str], name: str = "labels.jsonl", kept: Callable[[str], str] | None = None
    ) -> None:
        self._lines = lines
        self._name = name
        self._kept = kept
        seen: set[str] = set()
        for number, row in self._numbered():
            if row.source in seen:
                raise InvalidInput(f"{name}, line {number}: object {row.source!r} comes a second time")
            seen.add(row.source)
        self._count = len(seen)

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[LabelRow]:
        return (row for _, row in self._numbered())

    def __contains__(self, row: object) -> bool:
        return any(row == own for own in self)

    def _numbered(self) -> Iterator[tuple[int, LabelRow]]:
        return ((number, _parsed(line, number, self._name, self._kept)) for number, line in numbered(self._lines))


def renamed(row: Row) -> Row:
    """With today's names: a row of version 0.1 has its key as `object` and its URI as `source`.

    Raises:
        ValueError: it has names of both versions, or lacks its URI.
    """
    if "object" not in row:
        return row
    if "source_ref" in row:
        raise ValueError("`object` is the old name of `source`, and `source_ref` a new name; give new names only")
    if "source" not in row:
        raise ValueError("the URI is missing: `source` beside `object`, or `source_ref` with today's names")
    rest = {field: value for field, value in row.items() if field not in ("object", "source")}
    return {"source": row["object"], "source_ref": row["source"], **rest}


def _parsed(line: str, number: int, name: str, kept: Callable[[str], str] | None) -> LabelRow:
    try:
        if '"object"' in line:
            line = _in_todays_names(line, name)
        return LabelRow.model_validate_json(line, context=kept)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "the line"
        raise InvalidInput(f"{name}, line {number}: {where}: {first['msg']}") from error
    except ValueError as error:
        raise InvalidInput(f"{name}, line {number}: {error}") from error


def _in_todays_names(line: str, name: str) -> str:
    try:
        row = json.loads(line)
    except ValueError:
        return line  # whoever parses it says where it is broken
    if not isinstance(row, dict) or "object" not in row:
        return line  # a label may be called so
    said = (
        f"{name}: `object` and `source` are called `source` and `source_ref` now; version 0.3 will refuse the old names"
    )
    warnings.warn(said, FutureWarning, stacklevel=2)
    return json.dumps(renamed(row))
