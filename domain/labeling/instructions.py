"""What people read beside the question: the frame of instructions that all task types share."""

from __future__ import annotations

import html
from collections.abc import Iterator

from domain.task_types import task_type
from domain.workflow.inputs import Example, LabelingTask

_SKIP = "If you cannot tell, skip it: somebody else will see it."
_TEXT = '<p style="white-space: pre-line">{}</p>'


def instructions(task: LabelingTask) -> str:
    """Liquid with AWS's elements <full-instructions> and <short-instructions>. Pictures must be named by their URIs.

    The portal's elements show the descriptions, from the list `data-labels`, at the labels too.
    """
    usual = f"{task_type(task.type).usual} {_SKIP}"
    full = (_TEXT.format(literal(text)) for text in (task.full_instructions or task.instructions, usual) if text)
    return "\n    ".join(
        [
            '<full-instructions header="Instructions">',
            *(f"  {part}" for part in (*full, *_labels(task), *_examples(task))),
            "</full-instructions>",
            "<short-instructions>",
            f"  {_TEXT.format(literal(task.instructions or usual))}",
            "</short-instructions>",
        ]
    )


def literal(text: str) -> str:
    """Text that is nothing but text, for HTML and for Liquid (whose tags open with a brace)."""
    return html.escape(text, quote=True).replace("{", "&#123;").replace("}", "&#125;")


def _labels(task: LabelingTask) -> Iterator[str]:
    """In the order of the labels."""
    described = [label for label in task.labels if label in task.label_descriptions]
    if described:
        yield "<h3>Labels</h3>"
        yield "<dl data-labels>"
        for label in described:
            yield f"  <dt>{literal(label)}</dt><dd>{literal(task.label_descriptions[label])}</dd>"
        yield "</dl>"


def _examples(task: LabelingTask) -> Iterator[str]:
    for good, heading, mark in ((True, "Good examples", "✓"), (False, "Bad examples", "✗")):
        shown = [example for example in task.examples if example.good is good]
        if shown:
            yield f"<h3>{mark} {heading}</h3>"
            yield from map(_figure, shown)


def _figure(example: Example) -> str:
    kind = "good" if example.good else "bad"
    image = f"{{{{ '{example.image}' | grant_read_access }}}}"
    alt = literal(example.caption or f"A {kind} example")
    caption = f"<figcaption>{literal(example.caption)}</figcaption>" if example.caption else ""
    return f'<figure class="example {kind}"><img src="{image}" alt="{alt}" style="max-width: 100%">{caption}</figure>'
