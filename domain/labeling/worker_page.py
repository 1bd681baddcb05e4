"""The worker's page: the task type's Liquid template with this task's question and instructions in it."""

from __future__ import annotations

import html
import re

from domain.task_types import task_type
from domain.workflow.inputs import LabelingTask

_USUAL = "Choose the one answer that fits best, then submit. If you cannot tell, skip it: somebody else will see it."


def worker_page(task: LabelingTask) -> str:
    """Liquid, ready for upload. Ground Truth fills in the image and the labels, task by task."""
    source = task_type(task.type).template
    texts = {
        "__HEADER__": _literal(task.question),
        "__BRIEF__": _literal(task.instructions or _USUAL),
        "__INSTRUCTIONS__": _literal("\n\n".join(filter(None, (task.instructions, _USUAL)))),
    }
    # One pass: a question that holds "__INSTRUCTIONS__" stays as it is.
    return re.sub("|".join(texts), lambda match: texts[match.group()], source)


def _literal(text: str) -> str:
    """Text that is nothing but text, for HTML and for Liquid (whose tags open with a brace)."""
    return html.escape(text, quote=True).replace("{", "&#123;").replace("}", "&#125;")
