"""`workers.json`, beside `labels.jsonl`: each worker's accuracy, confusion matrix and speed."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median
from typing import Literal

from pydantic import BaseModel, ConfigDict

from domain.labels.interval import wilson


class _Payload(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Accuracy(_Payload):
    """`right` of `of` answers, `right` being an expectation where nobody knows; `low` to `high` is the 95 % interval of
    a count like that, which takes what is held to be right as right. What is counted, where it is not answers, says
    `counts` of `workers.json`; of boxes `of` are the mean of hers and the right ones, and so `share` is F1."""

    right: float
    of: int | float
    share: float
    low: float
    high: float

    @classmethod
    def counted(cls, right: float, of: float) -> Accuracy:
        low, high = wilson(min(right, of), of)
        share = right / of if of else 0.0
        return cls(
            right=round(right, 2),
            of=int(of) if of == int(of) else of,
            share=round(share, 4),
            low=round(low, 4),
            high=round(high, 4),
        )


class WorkerFigures(_Payload):
    """`confusion`: how many answers (an expectation) were which, by the right answer and hers. `gold`: on objects whose
    answer is known. `median_seconds`: of an answer, where the back end knows it. `counted`: her votes count.
    `word_error_rate`: of transcripts, words substituted, deleted and inserted, of those that are right."""

    worker: str
    accuracy: Accuracy
    gold: Accuracy | None = None
    median_seconds: float | None = None
    confusion: dict[str, dict[str, float]] = {}
    counted: bool = True
    word_error_rate: float | None = None


class Workers(_Payload):
    """`changed` objects have another answer than most votes would have given; `gold_objects` had a known one. `counts`:
    what each worker's accuracy counts, where it is not answers."""

    consensus: str
    objects: int
    changed: int
    gold_objects: int = 0
    gold_floor: float | None = None
    counts: Literal["boxes", "words", "fields"] | None = None
    workers: tuple[WorkerFigures, ...] = ()


def median_of(seconds: Sequence[float]) -> float | None:
    return round(median(seconds), 2) if seconds else None
