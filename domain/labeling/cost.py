"""What a labeling job costs at most, said before anybody is asked, and held against what may be spent."""

from __future__ import annotations

from typing import Protocol

from domain.errors import InvalidInput
from domain.workflow.inputs import CostEstimate, LabelingTask
from domain.workflow.states import BuiltManifest


class Estimator(Protocol):
    """The part of a labeling back end that knows prices."""

    def estimate(self, task: LabelingTask, objects: int) -> CostEstimate: ...


def priced(built: BuiltManifest, task: LabelingTask, backend: Estimator) -> BuiltManifest:
    """The manifest with the cost of its job: the number of objects is known from here on, and nobody is asked yet.

    Raises:
        InvalidInput: it is above `max_cost`, or the back end takes no job of so many objects.
    """
    if not built.accepted:
        return built.model_copy(update={"cost": CostEstimate(usd=0, made_of="nobody is asked")})
    estimate = backend.estimate(task, built.accepted)
    if task.max_cost is not None and estimate.usd > task.max_cost:
        besides = f", and besides {estimate.besides}" if estimate.besides else ""
        raise InvalidInput(
            f"task.max_cost: the job would cost up to {dollars(estimate.usd)} ({estimate.made_of}{besides}), and "
            f"{dollars(task.max_cost)} may be spent. Lower max_labeled_objects, max_labeled_percent or, where answers "
            "cost, workers_per_object; ask about fewer objects by sample, filter or manifest; or raise max_cost"
        )
    return built.model_copy(update={"cost": estimate})


def enough(task: LabelingTask, objects: int) -> int | None:
    """So many labeled objects end the job: whichever of the two limits comes first; None without one."""
    share = task.max_labeled_percent
    limits = [task.max_labeled_objects, None if share is None else -(-objects * share // 100)]
    return min((limit for limit in limits if limit is not None), default=None)


def dollars(usd: float) -> str:
    """In cents, or as small as it is."""
    return f"${usd:,.2f}" if usd >= 0.01 or not usd else f"${usd:.6f}"
