"""The question as Label Studio takes it: its labeling configuration, and the instructions beside it."""

from __future__ import annotations

import html
from collections.abc import Callable
from xml.sax.saxutils import quoteattr

from domain.errors import InvalidInput
from domain.workflow.inputs import LabelingTask

ANSWER, IMAGE = "label", "image"
"""The control that gives the answer, and the field of a task's data that it is about."""
_JOINER = "\u2060"  # takes no room; a text that begins with "$" would be the name of a field


def labeling_config(task: LabelingTask) -> str:
    """Raises InvalidInput: this back end cannot ask the question, or cannot offer a label."""
    write = _CONFIGS.get(task.type)
    if write is None:
        raise InvalidInput(
            f"task.type: {task.type!r} cannot be asked in Label Studio yet; it can be: {', '.join(sorted(_CONFIGS))}"
        )
    for label in task.labels:
        if label.startswith("$"):
            raise InvalidInput(
                f"task.labels: {label!r} begins with $, which Label Studio takes for the name of a field; rename it"
            )
    return write(task)


def instructions(task: LabelingTask) -> str:
    """As HTML that is nothing but the text, the full ones below the short ones."""
    text = "\n\n".join(filter(None, (task.instructions, task.full_instructions)))
    return html.escape(text).replace("\n", "<br>")


def _one_label(task: LabelingTask) -> str:
    choices = "".join(f"    <Choice value={quoteattr(label)}{_hint(task, label)}/>\n" for label in task.labels)
    asked = f"{_JOINER}{task.question}" if task.question.startswith("$") else task.question
    return (
        "<View>\n"
        f"  <Header value={quoteattr(asked)}/>\n"
        f'  <Image name="{IMAGE}" value="${IMAGE}"/>\n'
        f'  <Choices name="{ANSWER}" toName="{IMAGE}" choice="single" required="true" showInline="true">\n'
        f"{choices}"
        "  </Choices>\n"
        "</View>\n"
    )


def _hint(task: LabelingTask, label: str) -> str:
    """The label's description, which the server shows when the pointer rests on the label."""
    described = task.label_descriptions.get(label)
    return f" hint={quoteattr(described)}" if described else ""


_CONFIGS: dict[str, Callable[[LabelingTask], str]] = {"image-single-label": _one_label}
