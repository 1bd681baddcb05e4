"""The worker's page: the task type's Liquid template with this task's question and instructions in it."""

from __future__ import annotations

import html
import re

from domain.task_types import task_type
from domain.workflow.inputs import LabelingTask

_SKIP = "If you cannot tell, skip it: somebody else will see it."


def worker_page(task: LabelingTask) -> str:
    """Liquid, ready for upload. Object and labels are filled in task by task."""
    kind = task_type(task.type)
    usual = f"{kind.usual} {_SKIP}"
    texts = {
        "__HEADER__": _literal(task.question),
        "__BRIEF__": _literal(task.instructions or usual),
        "__INSTRUCTIONS__": _literal("\n\n".join(filter(None, (task.instructions, usual)))),
    }
    # One pass: a question that holds "__INSTRUCTIONS__" stays as it is.
    return re.sub("|".join(texts), lambda match: texts[match.group()], kind.template)


def _literal(text: str) -> str:
    """Text that is nothing but text, for HTML and for Liquid (whose tags open with a brace)."""
    return html.escape(text, quote=True).replace("{", "&#123;").replace("}", "&#125;")
