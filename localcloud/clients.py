"""Clients of the local cloud for its own emulations: what SageMaker does in an account, it does through public APIs.

Only for worker threads and processes: a call from the server's event loop would wait for itself.
"""

from __future__ import annotations

import os
from functools import cache
from typing import Any

import botocore.session
from botocore.config import Config

REGION = "us-east-1"
# An access key of twelve digits would name an account of its own; any other is the local cloud's one account. One that
# is no session's has every right, as services have in their own accounts.
CREDENTIALS = {"AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local"}


@cache
def client(service: str) -> Any:
    """A botocore client (thread-safe) of this process's local cloud, which AWS_ENDPOINT_URL names."""
    return botocore.session.get_session().create_client(
        service,
        region_name=REGION,
        endpoint_url=os.environ["AWS_ENDPOINT_URL"],
        aws_access_key_id=CREDENTIALS["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=CREDENTIALS["AWS_SECRET_ACCESS_KEY"],
        config=Config(retries={"mode": "standard", "total_max_attempts": 1}, max_pool_connections=32),
    )
