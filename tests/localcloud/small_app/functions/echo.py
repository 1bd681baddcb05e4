"""Answers with its event, or raises the exception that the event asks for."""

from __future__ import annotations

import os
from typing import Any

import pydantic  # a package of the project, which a layer brings on AWS


class QuotaUsedUpError(Exception):
    pass


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    if event.get("fail"):
        raise QuotaUsedUpError(event["fail"])
    return {**event, "pydantic": pydantic.VERSION, "request": context.aws_request_id, "root": os.getcwd()}
