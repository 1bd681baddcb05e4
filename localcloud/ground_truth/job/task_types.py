"""The built-in task types that the local cloud consolidates as AWS's PRE-… and ACS-… functions do."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from labelers.ground_truth.built_in_functions import ACCOUNTS, BUILT_IN, BuiltIn
from localcloud.ground_truth.job import answers
from localcloud.ground_truth.job.answers import Label


@dataclass(frozen=True)
class TaskType:
    """`element` is the crowd element whose value is the answer, `output_type` what the label's metadata calls it.

    `read` makes a choice of that value, or raises ValueError, which says what the value should be; `consolidate` gets
    the choices of all workers; `shown` is a choice as a person reads it.
    """

    functions: BuiltIn
    element: str
    output_type: str
    read: Callable[[Any, Sequence[str]], Any]
    consolidate: Callable[[Sequence[Any], Sequence[str]], Label]
    shown: Callable[[Any], str] = str

    def choice(self, content: Mapping[str, Any], labels: Sequence[str]) -> Any:
        """Of a whole form. Raises ValueError when it cannot be an answer to these labels."""
        try:
            return self.read(content.get(self.element), labels)
        except ValueError as error:
            raise ValueError(f'the answer must be {{"{self.element}": {error}}}, not {dict(content)}') from error

    def label(self, contents: Sequence[Mapping[str, Any]], labels: Sequence[str]) -> Label:
        """What the forms of several workers come to."""
        return self.consolidate([self.choice(content, labels) for content in contents], labels)


TASK_TYPES = {
    "ImageMultiClass": TaskType(
        BUILT_IN["image-single-label"],
        "crowd-image-classifier",
        "groundtruth/image-classification",
        answers.one_label,
        answers.one_of_them,
    ),
    "ImageMultiClassMultiLabel": TaskType(
        BUILT_IN["image-multi-label"],
        "crowd-image-classifier-multi-select",
        "groundtruth/image-classification-multilabel",
        answers.several_labels,
        answers.all_of_them,
        answers.listed,
    ),
    "BoundingBox": TaskType(
        BUILT_IN["image-bounding-box"],
        "crowd-bounding-box",
        "groundtruth/object-detection",
        answers.boxes,
        answers.same_boxes,
        answers.counted,
    ),
    "TextMultiClass": TaskType(
        BUILT_IN["text-single-label"],
        "crowd-classifier",
        "groundtruth/text-classification",
        answers.one_label,
        answers.one_of_them,
    ),
}
"""By what the functions' names end with."""


def built_in(pre_function: str | None, consolidation_function: str | None, region: str) -> TaskType | None:
    """The task type of this pair of function ARNs; None when they are no pair of this Region's built-in functions."""
    start = f"arn:aws:lambda:{region}:{ACCOUNTS.get(region)}:function:"
    for name, task_type in TASK_TYPES.items():
        if (pre_function, consolidation_function) == (f"{start}PRE-{name}", f"{start}ACS-{name}"):
            return task_type
    return None
