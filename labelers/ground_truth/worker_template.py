"""The worker's page: the task type's Liquid template with this task's question and instructions in it."""

from __future__ import annotations

import html
import re
from pathlib import Path

from domain.workflow.inputs import LabelingTask

_TEMPLATES = Path(__file__).parent / "templates"


def worker_template(task: LabelingTask) -> str:
    """Liquid, ready for upload. Ground Truth fills in the image and the labels, task by task."""
    source = (_TEMPLATES / f"{task.type}.liquid.html").read_text(encoding="utf-8")
    texts = {"__HEADER__": _literal(task.question), "__INSTRUCTIONS__": _literal(task.instructions or task.question)}
    # One pass: a question that holds "__INSTRUCTIONS__" stays as it is.
    return re.sub("|".join(texts), lambda match: texts[match.group()], source)


def _literal(text: str) -> str:
    """Text that is nothing but text, for HTML and for Liquid (whose tags open with a brace)."""
    return html.escape(text, quote=True).replace("{", "&#123;").replace("}", "&#125;")
