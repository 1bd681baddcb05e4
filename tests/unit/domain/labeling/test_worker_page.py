"""The worker's page: question and instructions stand in it as text and nothing else."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest

from domain.labeling.worker_page import worker_page
from domain.task_types import TASK_TYPES
from domain.workflow.inputs import LabelingTask
from tests.support.builders.runs import any_task

HOSTILE = "\"Quote\" 'n' <script>alert(1)</script> {{ task.input.labels }} {% raw %} __INSTRUCTIONS__ & co"


def rendered(**fields: object) -> str:
    return worker_page(LabelingTask(**any_task(**fields)))


def header_of(page: str) -> str:
    found: list[str] = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            if tag == "crowd-image-classifier":
                found.append(dict(attrs)["header"] or "")

    Reader().feed(page)
    return found[0]


@pytest.mark.parametrize("question", ["Is the mouth open?", HOSTILE])
def test_a_worker_reads_the_question_as_it_was_written(question: str) -> None:
    assert header_of(rendered(question=question)) == question


def test_a_question_cannot_bring_in_html_or_liquid() -> None:
    plain, hostile = rendered(instructions="Look"), rendered(question=HOSTILE, instructions=HOSTILE)
    for mark in ("<", ">", "{{", "{%", '"'):
        assert hostile.count(mark) == plain.count(mark)


def test_the_question_stands_once_and_instructions_where_they_are_given() -> None:
    for page in (rendered(), told := rendered(instructions="Look closely")):
        assert "__" not in page
        assert page.count("Is the mouth open?") == 1
        assert "skip it" in page
    assert told.count("Look closely") == 2


def test_every_type_has_the_shared_frame_of_instructions_and_none_of_its_own() -> None:
    for kind in TASK_TYPES.values():
        assert kind.template.count("__INSTRUCTIONS__") == 1, f"{kind.name}: put __INSTRUCTIONS__ into its element"
        own = [mark for mark in ("__BRIEF__", "<full-instructions", "<short-instructions") if mark in kind.template]
        assert own == [], f"{kind.name}: the frame of __INSTRUCTIONS__ has these already"


def test_full_instructions_open_and_short_ones_stand_beside_the_question() -> None:
    page = rendered(instructions="Look closely", full_instructions="In the first place,\nlook.")
    full, short = page.split("<short-instructions>")
    assert "In the first place,\nlook." in full
    assert "Look closely" not in full
    assert "Look closely" in short


def test_examples_are_shown_by_addresses_that_the_backend_gives() -> None:
    good, bad = "s3://data/instructions/frozen/1.png", "s3://data/instructions/frozen/2.jpg"
    page = rendered(
        examples=[
            {"image": bad, "good": False, "caption": "Too dark {{ x }}"},
            {"image": good, "good": True, "caption": 'An "open" one'},
        ]
    )
    assert page.index(f"{{{{ '{good}' | grant_read_access }}}}") < page.index(f"{{{{ '{bad}' | grant_read_access }}}}")
    assert "Good examples" in page
    assert "Bad examples" in page
    assert "An &quot;open&quot; one" in page
    assert "{{ x }}" not in page


def test_labels_are_described_in_their_order() -> None:
    page = rendered(label_descriptions={"shut": "Lips touch <b>", "open": "Teeth show"})
    assert page.index("<dt>open</dt><dd>Teeth show</dd>") < page.index("<dt>shut</dt><dd>Lips touch &lt;b&gt;</dd>")
    assert "data-labels" not in rendered()
