"""Who gave the labels of a run in rounds: what a row says of a machine's label, and `assist.json` beside the rows."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from domain.labels.interval import wilson


class _Payload(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class MachineFacts(_Payload):
    """Of a label that a model gave whose confidence, the row's, is at least `threshold`. `model` is the digest of the
    embedding's; `accuracy` the share of right ones that all labels of its kind are estimated to have; `round` the one
    whose answers it is of, from 0."""

    model: str
    threshold: float = Field(ge=0, le=1)
    accuracy: float = Field(ge=0, le=1)
    round: int = Field(ge=0)


class Share(_Payload):
    """`hits` of `of`, with the 95 % interval (Wilson's) of such a share; of nothing it is 0 to 1."""

    hits: int
    of: int
    low: float
    high: float

    @classmethod
    def counted(cls, hits: int, of: int) -> Share:
        low, high = wilson(hits, of) if of else (0.0, 1.0)
        return cls(hits=hits, of=of, low=round(low, 4), high=round(high, 4))


class Assisted(_Payload):
    """`assist.json`. Labels by who gave them: one `person`, a `consensus` of several, the `machine`.

    `asked`: what people were asked in this run, in so many `rounds`; `earlier` labels people had given before.
    `accuracy` is what the machine's labels are estimated to have, `target` what they had to have by a lower bound.
    `audit`: of what the machine would have labeled and people were asked all the same, how often they gave the same
    answer; `withdrawn` objects lost their machine's label when an audit missed. `suggested` and `blind`: how often
    people gave the label that the model expected, where they saw it and where they did not. `stopped`: a round was
    ended before its time, so that the machine labeled nothing and the rest has no label.
    """

    rounds: int
    asked: int
    earlier: int
    person: int
    consensus: int
    machine: int
    unlabeled: int
    rejected: int
    target: float
    minimum: int
    accuracy: float | None = None
    threshold: float | None = None
    model: str = ""
    audit: Share
    withdrawn: int
    suggested: Share
    blind: Share
    stopped: bool = False

    @property
    def objects(self) -> int:
        return self.person + self.consensus + self.machine + self.unlabeled + self.rejected
