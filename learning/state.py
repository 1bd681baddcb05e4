"""What goes into a round of labeling, what comes out of it, and what is kept between two."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from domain.errors import InvalidInput
from learning.audit import Audit
from learning.features import Floats


@dataclass(frozen=True)
class AssistSettings:
    """`target`: the accuracy that the machine's labels must have, by a one-sided lower bound of `confidence`.

    First a random `first_per_class` for each class are asked, `first_most` at most. Then a round asks `batch_share` of
    all objects, at least `batch_least`, and at most half of what the machine would not label: the share `least_sure` of
    them are those of which the probe is least sure, the share `audit` is drawn from what the machine would label, the
    others from the rest. The machine labels nothing
    before `minimum` answers, and its labels are final when `audit_least` of them were checked. `blind` is the share of
    objects that are asked without a suggestion. After `rounds` rounds all that the machine does not label is asked.
    """

    target: float = 0.99
    confidence: float = 0.55
    first_per_class: int = 20
    first_most: int = 300
    batch_share: float = 0.04
    batch_least: int = 20
    least_sure: float = 0.9
    audit: float = 0.05
    audit_least: int = 10
    minimum: int = 200
    blind: float = 0.1
    rounds: int = 30

    def __post_init__(self) -> None:
        if not (0 < self.target < 1 and 0 < self.confidence < 1):
            raise InvalidInput(f"target {self.target}, confidence {self.confidence}: both must be between 0 and 1")
        for name in ("batch_share", "least_sure", "audit", "blind"):
            if not 0 <= getattr(self, name) <= 1:
                raise InvalidInput(f"{name} {getattr(self, name)}: must be a share from 0 to 1")
        for name in ("first_per_class", "first_most", "batch_least"):
            if getattr(self, name) < 1:
                raise InvalidInput(f"{name} {getattr(self, name)}: must be at least 1")


@dataclass(frozen=True)
class Objects:
    """Row i of `features` (`prepare_features`) is of `sources[i]`; `model` is the digest of the embedding's model."""

    sources: Sequence[str]
    features: Floats
    model: str

    def __post_init__(self) -> None:
        different = len(set(self.sources))
        if not len(self.features) == len(self.sources) == different:
            raise InvalidInput(
                f"{len(self.features)} rows of features for {len(self.sources)} objects, of which {different} are"
                " different: each object needs one row"
            )


@dataclass(frozen=True)
class State:
    """What is kept between rounds besides the answers. `as_json` is plain data, which `State.of` reads.

    `asked`: all that people were asked, in order; `random`: those that were drawn at random. `audits`: the label that
    the machine would have given to objects that people were asked; `machine`: what it labeled in the last round;
    `withdrawn`: what it had labeled when an audit missed, so that only people label it now.
    """

    round: int = 0
    asked: tuple[str, ...] = ()
    random: tuple[str, ...] = ()
    audits: Mapping[str, str] = field(default_factory=dict)
    machine: tuple[str, ...] = ()
    withdrawn: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> State:
        lists = {name: tuple(kept[name]) for name in ("asked", "random", "machine", "withdrawn")}
        return cls(round=kept["round"], audits=dict(kept["audits"]), **lists)


@dataclass(frozen=True)
class Question:
    """An object to ask people about. `random`: it was drawn at random, so that it calibrates and audits."""

    source: str
    suggestion: str | None
    random: bool


@dataclass(frozen=True)
class MachineLabel:
    """`model`: digest of the embedding's model. `confidence` is the probe's, at least `threshold`; `accuracy` is what
    all machine labels of the round are estimated to have.
    """

    source: str
    label: str
    confidence: float
    model: str
    threshold: float
    accuracy: float


@dataclass(frozen=True)
class Round:
    """`machine` stands until the next round; if there is nothing to `ask`, it is final. `audit`: of earlier rounds."""

    ask: tuple[Question, ...]
    machine: tuple[MachineLabel, ...]
    audit: Audit
    state: State

    @property
    def done(self) -> bool:
        return not self.ask
