"""The worker's page: question and instructions stand in it as text and nothing else."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest

from domain.labeling.worker_page import worker_page
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
    plain, hostile = rendered(), rendered(question=HOSTILE, instructions=HOSTILE)
    for mark in ("<", ">", "{{", "{%", '"'):
        assert hostile.count(mark) == plain.count(mark)


def test_the_question_stands_once_and_instructions_where_they_are_given() -> None:
    for page in (rendered(), told := rendered(instructions="Look closely")):
        assert "__" not in page
        assert page.count("Is the mouth open?") == 1
        assert "skip it" in page
    assert told.count("Look closely") == 2
