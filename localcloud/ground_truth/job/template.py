"""Worker templates: Liquid with Ground Truth's own filters.

https://docs.aws.amazon.com/sagemaker/latest/dg/sms-custom-templates-step2-automate.html lists the filters.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from liquid import Environment
from liquid.exceptions import LiquidError

# Where AWS serves its elements; the portal serves its own implementation under its own address.
CROWD_ELEMENTS = "https://assets.crowd.aws/crowd-html-elements.js"


class TemplateError(Exception):
    """The template is not valid Liquid, or uses a filter that does not exist."""


def parse(source: str) -> None:
    """Raise TemplateError when the template does not parse or uses an unknown filter."""
    render(source, {"taskObject": "s3://bucket/key", "labels": []}, str, CROWD_ELEMENTS)


def render(source: str, task_input: Mapping[str, Any], readable: Callable[[str], str], elements: str) -> str:
    """The page for one task.

    `readable` turns an S3 URI into an address that the worker's browser may read; `elements` is the address of the
    script that replaces AWS's crowd-html-elements.
    """
    return _rendered(source, task_input, readable).replace(CROWD_ELEMENTS, elements)


def _rendered(source: str, task_input: Mapping[str, Any], readable: Callable[[str], str]) -> str:
    environment = Environment(strict_filters=True)
    environment.add_filter("grant_read_access", lambda value: readable(str(value)))
    environment.add_filter("to_json", lambda value: json.dumps(value, ensure_ascii=False, default=str))
    environment.add_filter("skip_autoescape", lambda value: value)
    try:
        return str(environment.from_string(source).render(task={"input": task_input}))
    except LiquidError as error:
        raise TemplateError(str(error)) from error
