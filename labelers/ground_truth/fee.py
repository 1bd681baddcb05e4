"""What Ground Truth asks for a job, by its list prices."""

from __future__ import annotations

from domain.labeling.cost import enough
from domain.prices import GROUND_TRUTH_OBJECT
from domain.workflow.inputs import CostEstimate, LabelingTask

_VENDOR = ":workteam/vendor-crowd/"


def fee(task: LabelingTask, objects: int, workteam: str) -> CostEstimate:
    """As if it were the account's first job of the month: later ones may be cheaper, by the object, none is dearer."""
    # How many people label an object costs nothing more; what a model labels costs the same as what people label.
    limit = None if task.automated_labeling and task.max_labeled_percent is None else enough(task, objects)
    labeled = min(objects, limit or objects)
    besides = [
        *(["the vendor's own fee, which the AWS Marketplace tells"] if _VENDOR in workteam else []),
        *(["the machines that train and apply AWS's model"] if task.automated_labeling else []),
    ]
    told = f"{labeled:,} objects by Ground Truth's list prices, from ${GROUND_TRUTH_OBJECT[0][1]:.2f} each"
    return CostEstimate(usd=round(_by_tiers(labeled), 2), made_of=told, besides=" and ".join(besides))


def _by_tiers(objects: int) -> float:
    total, before = 0.0, 0
    for end, price in GROUND_TRUTH_OBJECT:
        part = objects - before if end is None else min(objects, end) - before
        total += max(0, part) * price
        before = objects if end is None else end
    return total
