"""The context that AWS Lambda hands to a handler."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass
class Context:
    """`remaining` gives the milliseconds to the time-out."""

    remaining: Callable[[], int] = lambda: 300_000
    function_name: str = "any-function"
    memory_limit_in_mb: int = 512
    invoked_function_arn: str = "arn:aws:lambda:us-east-1:000000000000:function:any-function"
    aws_request_id: str = "any-request"

    def get_remaining_time_in_millis(self) -> int:
        return self.remaining()
