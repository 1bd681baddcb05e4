"""Secrets that people keep in Secrets Manager."""

from __future__ import annotations

from typing import Any

from adapters.aws_errors import translated


def secret_text(client: Any, name: str) -> str:
    """The newest version of the secret with this name or ARN; empty where it holds bytes.

    Raises:
        AccessDenied, NotFound, RequestRefused, ServiceUnavailable: the message names the secret and never its value.
    """
    with translated(f"read the secret {name}"):
        return str(client.get_secret_value(SecretId=name).get("SecretString", ""))
