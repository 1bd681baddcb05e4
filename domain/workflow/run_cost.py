"""What the machines of an augmentation cost: told before it starts, and held against what may be spent."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, floor

from domain.errors import InvalidInput
from domain.prices import HOME, Price, find, note, usd
from domain.workflow.inputs import CostEstimate, Took

START_SECONDS = 240
"""Of an instance, from the request to its first image: assumed, as in docs/scale.md, not measured."""
SOURCE_SECONDS = 0.02
"""Of one machine for one file, where no run of the data set has shown it: the five milliseconds of one vCPU in
docs/performance.md, four times over for other recipes and media, as if the machine had no second vCPU."""
FINGERPRINT_SECONDS = 3600
"""The longest that the job before the job may run: workflows/augment.asl.json."""


@dataclass(frozen=True)
class Machine:
    """What the stage's processing jobs run on."""

    instance_type: str
    region: str = HOME

    @property
    def hour(self) -> Price | None:
        """The price of an hour of one, where the list has it."""
        return find(f"instance/{self.instance_type}", self.region)


NO_MACHINE = Machine("")
"""One of which nothing is known, and so no price."""


@dataclass(frozen=True)
class Work:
    """What a run has before it. `before`: whether a job for fingerprints comes first. `longest`: seconds that the job
    may take at most. `history`: what an earlier run of the data set took, if one is known."""

    sources: int
    instances: int
    longest: int
    before: bool = False
    history: Took | None = None


def estimated(work: Work, machine: Machine, most: float | None = None) -> CostEstimate:
    """Of the machines, without storage.

    Raises:
        InvalidInput: it is likely to be above `most`, US dollars, or there is a `most` and no price.
    """
    hour = machine.hour
    if hour is None:
        if most is not None:
            raise InvalidInput(
                f"max_cost: the price of {machine.instance_type} is not known here, so nobody can say what the run "
                "would cost: leave max_cost out, or set processing.instance_type to one of domain/prices/prices.json"
            )
        return CostEstimate(usd=0, made_of=f"the price of {machine.instance_type} is not known", besides="all of it")
    likely = _dollars(_likely_seconds(work, machine), work, hour)
    told = _made_of(work, machine, hour)
    if most is not None and likely > most:
        raise InvalidInput(
            f"max_cost: the run would cost about {dollars(likely)} ({told}), and {dollars(most)} may be spent. Take "
            "fewer images or instances, a cheaper processing.instance_type, or raise max_cost"
        )
    bound = deadline(work, machine, most) + (FINGERPRINT_SECONDS if work.before else 0)
    storage = f"the files that it makes, ${usd('s3/storage', machine.region):g} a GB and month, and a cent for requests"
    at_most = _dollars(bound, work, hour)
    return CostEstimate(usd=round(at_most, 4), likely=round(likely, 4), made_of=told, besides=storage)


def deadline(work: Work, machine: Machine, most: float | None) -> int:
    """Seconds after which SageMaker stops the job, lest it cost more than `most`; never fewer than are likely."""
    hour = machine.hour
    if most is None or hour is None:
        return work.longest
    affordable = most / hour.usd * 3600 / work.instances - (FINGERPRINT_SECONDS if work.before else 0)
    return min(work.longest, max(ceil(_likely_seconds(work, machine)), floor(affordable)))


def _likely_seconds(work: Work, machine: Machine) -> float:
    """Of each instance."""
    jobs = 2 if work.before else 1
    return jobs * START_SECONDS + work.sources * _each(work, machine) / work.instances


def _each(work: Work, machine: Machine) -> float:
    """Seconds of one machine for one file."""
    known = work.history
    if known is None or not known.sources or known.instance_type != machine.instance_type:
        return SOURCE_SECONDS
    return known.host_seconds / known.sources


def _dollars(seconds: float, work: Work, hour: Price) -> float:
    return work.instances * seconds / 3600 * hour.usd


def _made_of(work: Work, machine: Machine, hour: Price) -> str:
    each = _each(work, machine)
    source = "as the last run took" if each != SOURCE_SECONDS else "assumed"
    machines = f"{work.instances} x {machine.instance_type} at ${hour.usd:g} an hour ({note(hour, machine.region)})"
    return f"{machines}: {START_SECONDS} s to start, {work.sources:,} files of {each:.3g} s each, {source}"


def took(work: Took, machine: Machine) -> Took:
    """With what it cost: by SageMaker's own start and end of the jobs where they are known, else by the engine's time.

    Machines are billed by the second; a least number of seconds is not documented.
    """
    hour = machine.hour
    seconds = work.host_seconds if work.billed_seconds is None else work.billed_seconds
    return work.model_copy(update={"usd": None if hour is None else round(seconds / 3600 * hour.usd, 6)})


def dollars(amount: float) -> str:
    """In cents, or as small as it is."""
    return f"${amount:,.2f}" if amount >= 0.01 or not amount else f"${amount:.4f}"
