"""The worker's page: the task type's Liquid template with this task's question and instructions in it."""

from __future__ import annotations

import re

from domain.labeling.instructions import instructions, literal
from domain.task_types import task_type
from domain.workflow.inputs import LabelingTask


def worker_page(task: LabelingTask) -> str:
    """Liquid, ready for upload. Ground Truth fills in the image and the labels, task by task."""
    texts = {"__HEADER__": literal(task.question), "__INSTRUCTIONS__": instructions(task)}
    # One pass: a question that holds "__INSTRUCTIONS__" stays as it is.
    return re.sub("|".join(texts), lambda match: texts[match.group()], task_type(task.type).template)
