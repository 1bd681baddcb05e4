"""The built-in task types that the local cloud consolidates as AWS's PRE-… and ACS-… functions do."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from domain.labels.consolidation import Consolidated, image_multi_class
from labelers.ground_truth.built_in_functions import ACCOUNTS


@dataclass(frozen=True)
class TaskType:
    """`name` is what the function names end with, `element` the crowd element whose value is the answer."""

    name: str
    element: str
    output_type: str
    consolidate: Callable[[Sequence[int], int], Consolidated]

    def vote(self, content: Mapping[str, Any], labels: Sequence[str]) -> int:
        """The index of the chosen label. Raises ValueError when the form's value does not hold one of `labels`."""
        value = content.get(self.element)
        label = value.get("label") if isinstance(value, Mapping) else None
        if label not in labels:
            raise ValueError(
                f'the answer must be {{"{self.element}": {{"label": <one of {list(labels)}>}}}}, not {dict(content)}'
            )
        return labels.index(label)


TASK_TYPES = {
    "ImageMultiClass": TaskType(
        "ImageMultiClass", "crowd-image-classifier", "groundtruth/image-classification", image_multi_class
    )
}


def built_in(pre_function: str | None, consolidation_function: str | None, region: str) -> TaskType | None:
    """The task type of this pair of function ARNs; None when they are no pair of this Region's built-in functions."""
    start = f"arn:aws:lambda:{region}:{ACCOUNTS.get(region)}:function:"
    for task_type in TASK_TYPES.values():
        if (pre_function, consolidation_function) == (f"{start}PRE-{task_type.name}", f"{start}ACS-{task_type.name}"):
            return task_type
    return None
