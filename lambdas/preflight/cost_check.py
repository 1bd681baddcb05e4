"""Whether all of a run, people and machines, is likely to cost no more than it may."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from domain.augmenting.begin import JOB_SECONDS
from domain.errors import InvalidInput
from domain.labeling.cost import Estimator
from domain.labeling.preflight import Check
from domain.workflow.inputs import Took
from domain.workflow.job_files import job_files
from domain.workflow.ports import ListedObject
from domain.workflow.run_cost import Machine, Work, dollars, estimated
from domain.workflow.states import LabelRun

NAME = "cost"


class Listed(Protocol):
    """The part of an object store that is counted."""

    def list_objects(self, prefix: str) -> Iterator[ListedObject]: ...


def check_cost(run: LabelRun, store: Listed, labeler: Estimator, machine: Machine, history: Took | None) -> Check:
    """As if all that lies below the prefix, or the sample of it, had to be asked about: what has labels of an earlier
    run costs less. `build_manifest` reckons exactly, and holds it against `task.max_cost`."""
    most = run.max_cost or 0.0
    there = sum(not problem for _, problem in job_files(store.list_objects(run.source_prefix)))
    if not there:
        return Check(NAME, True, f"nothing lies below {run.source_prefix} yet, so its cost is not known")
    asked = _asked(run, there)
    people = labeler.estimate(run.task, asked)
    try:
        machines = estimated(Work(there, run.instances, JOB_SECONDS, run.instances > 1, history), machine)
    except InvalidInput as error:
        return Check(NAME, False, str(error))
    if machines.likely is None:
        return Check(NAME, False, f"max_cost: {machines.made_of}, so nobody can hold it; leave max_cost out")
    both = people.usd + machines.likely
    told = (
        f"about {dollars(both)}: {dollars(people.usd)} for labels ({people.made_of}) and {dollars(machines.likely)} "
        f"for machines ({machines.made_of})"
    )
    if both <= most:
        return Check(NAME, True, f"{told}; {dollars(most)} may be spent")
    advice = (
        "Ask about fewer objects by sample or filter, of fewer workers where answers cost, take fewer instances or a "
        "cheaper processing.instance_type, or raise max_cost; if most objects have labels already, leave it out and "
        "give task.max_cost, which counts them exactly"
    )
    return Check(NAME, False, f"max_cost: the run would cost {told}, and {dollars(most)} may be spent. {advice}")


def _asked(run: LabelRun, there: int) -> int:
    sample = run.sample
    if sample is None:
        return there
    wanted = sample.objects if sample.objects is not None else -(-there * (sample.percent or 100) // 100)
    return max(1, min(there, int(wanted)))
