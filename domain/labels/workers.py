"""`workers.json`, beside `labels.jsonl`: each worker's accuracy, confusion matrix and speed."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

from pydantic import BaseModel, ConfigDict

from domain.labels.interval import wilson


class _Payload(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Accuracy(_Payload):
    """`right` of `of` answers, `right` being an expectation where nobody knows; `low` to `high` is the 95 % interval of
    a count like that, which takes what is held to be right as right."""

    right: float
    of: int
    share: float
    low: float
    high: float

    @classmethod
    def counted(cls, right: float, of: int) -> Accuracy:
        low, high = wilson(min(right, of), of)
        share = right / of if of else 0.0
        return cls(right=round(right, 2), of=of, share=round(share, 4), low=round(low, 4), high=round(high, 4))


class WorkerFigures(_Payload):
    """`confusion`: how many answers (an expectation) were which, by the right answer and hers. `gold`: on objects whose
    answer is known. `median_seconds`: of an answer, where the back end knows it. `counted`: her votes count."""

    worker: str
    accuracy: Accuracy
    gold: Accuracy | None = None
    median_seconds: float | None = None
    confusion: dict[str, dict[str, float]] = {}
    counted: bool = True


class Workers(_Payload):
    """`changed` objects have another label than most votes would have given; `gold_objects` had a known one."""

    consensus: str
    objects: int
    changed: int
    gold_objects: int = 0
    gold_floor: float | None = None
    workers: tuple[WorkerFigures, ...] = ()


def median_of(seconds: Sequence[float]) -> float | None:
    return round(median(seconds), 2) if seconds else None
