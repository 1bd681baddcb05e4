"""Answers about a stack in motion wait a little, until it has settled.

The CDK CLI asks every five seconds. Here stacks settle in fewer, so most of a deploy would pass between two questions.
"""

from __future__ import annotations

import asyncio
import time
from typing import Any
from urllib.parse import parse_qs

import ministack.app
from ministack.services.cloudformation import _change_sets, _stacks

_PATIENCE_SECONDS = 4.0  # below the CLI's own pause, far below its time-outs
_PAUSE_SECONDS = 0.05
_QUESTIONS = ("DescribeStacks", "DescribeChangeSet")


def register() -> None:
    answer = ministack.app.SERVICE_HANDLERS["cloudformation"]

    async def answer_patiently(method: str, path: str, headers: dict[str, str], body: bytes, query: Any) -> Any:
        form = parse_qs(body.decode("utf-8", "replace")) if b"Action=Describe" in body else {}
        if form.get("Action", [""])[0] in _QUESTIONS:
            await _until_settled(form.get("StackName", [""])[0], form.get("ChangeSetName", [""])[0])
        return await answer(method, path, headers, body, query)

    ministack.app.SERVICE_HANDLERS["cloudformation"] = answer_patiently


async def _until_settled(stack: str, change_set: str) -> None:
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while _in_motion(stack, change_set) and time.monotonic() < deadline:
        await asyncio.sleep(_PAUSE_SECONDS)


def _in_motion(stack: str, change_set: str) -> bool:
    if change_set:
        sets = [s for s in _change_sets.values() if change_set in (s.get("ChangeSetName"), s.get("ChangeSetId"))]
        return any(s.get("Status") in ("CREATE_PENDING", "CREATE_IN_PROGRESS") for s in sets)
    stacks = [s for s in _stacks.values() if stack in (s.get("StackName"), s.get("StackId"))]
    statuses = [str(s.get("StackStatus")) for s in stacks]
    return any(s.endswith("_IN_PROGRESS") and s != "REVIEW_IN_PROGRESS" for s in statuses)
