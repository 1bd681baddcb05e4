"""AWS clients with the house's patience: every call ends, and a passing fault is tried again, within bounds."""

from __future__ import annotations

from functools import cache
from typing import Any

import boto3
from botocore.config import Config

_CONNECT_SECONDS, _READ_SECONDS, _ATTEMPTS = 3, 20, 4
LONGEST_CALL_SECONDS = _ATTEMPTS * (_CONNECT_SECONDS + _READ_SECONDS) + (1 + 2 + 4) + 3 * 5
"""What one request may take: all attempts time out, with pauses of up to 1, 2 and 4 seconds between them, and up to 5
more where an answer asks for it (botocore.retries.standard)."""

CONFIG = Config(
    connect_timeout=_CONNECT_SECONDS,
    read_timeout=_READ_SECONDS,
    retries={"mode": "standard", "total_max_attempts": _ATTEMPTS},
    max_pool_connections=32,
)


@cache
def client(service: str) -> Any:
    """One client a service and process; Region and credentials come from the function's own environment."""
    return boto3.client(service, config=CONFIG)  # type: ignore[call-overload]
