"""What votes call a person."""

from __future__ import annotations

import hashlib


def worker_id(region: str, user_pool: str, sub: str) -> str:
    """The same in every session, and no name: `sub` is Cognito's own id of the person."""
    return f"private.{region}.{hashlib.sha256(f'{user_pool}/{sub}'.encode()).hexdigest()[:16]}"
