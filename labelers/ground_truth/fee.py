"""What Ground Truth asks for a job, by its list prices."""

from __future__ import annotations

from collections.abc import Sequence

from domain import prices
from domain.labeling.cost import enough
from domain.workflow.inputs import CostEstimate, LabelingTask

_VENDOR = ":workteam/vendor-crowd/"


def fee(task: LabelingTask, objects: int, workteam: str, region: str = prices.HOME) -> CostEstimate:
    """As if it were the account's first job of the month: later ones may be cheaper, by the object, none is dearer."""
    # How many people label an object costs nothing more; what a model labels costs the same as what people label.
    limit = None if task.automated_labeling and task.max_labeled_percent is None else enough(task, objects)
    labeled = min(objects, limit or objects)
    besides = [
        *(["the vendor's own fee, which the AWS Marketplace tells"] if _VENDOR in workteam else []),
        *(["the machines that train and apply AWS's model"] if task.automated_labeling else []),
    ]
    tiers = prices.tiers("ground-truth/object", region)
    told = f"{labeled:,} objects in Ground Truth, from ${tiers[0].usd:.2f} each ({prices.note(tiers[0], region)})"
    return CostEstimate(usd=round(_by_tiers(labeled, tiers), 2), made_of=told, besides=" and ".join(besides))


def _by_tiers(objects: int, tiers: Sequence[prices.Price]) -> float:
    total, before = 0.0, 0
    for tier in tiers:
        end = objects if tier.up_to is None else min(objects, tier.up_to)
        total += max(0, end - before) * tier.usd
        before = max(before, end)
    return total
