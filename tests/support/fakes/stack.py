# ruff: noqa: N803 (parameters are named as boto3 names them)
"""CloudFormation of an account with one stack."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(kw_only=True)
class FakeStack:
    stack_status: str = "DELETE_IN_PROGRESS"

    def describe_stacks(self, StackName: str) -> dict[str, Any]:
        return {"Stacks": [{"StackName": StackName, "StackStatus": self.stack_status}]}
