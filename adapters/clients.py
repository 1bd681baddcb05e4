"""AWS clients with the house's patience: every call ends, and a passing fault is tried again, within bounds."""

from __future__ import annotations

from functools import cache
from typing import Any

import boto3
from botocore.config import Config

CONFIG = Config(
    connect_timeout=5,
    read_timeout=30,
    retries={"mode": "standard", "total_max_attempts": 5},
    max_pool_connections=32,
)


@cache
def client(service: str) -> Any:
    """One client a service and process; Region and credentials come from the function's own environment."""
    return boto3.client(service, config=CONFIG)  # type: ignore[call-overload]
