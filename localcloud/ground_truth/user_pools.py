"""What Ground Truth checks in Cognito before it accepts a user pool.

Looks into ministack's own records: the operations answer on the server's event loop, where a call to the local cloud's
endpoint would wait for itself.
"""

from __future__ import annotations

from typing import Any

from ministack.services import cognito

from localcloud.sagemaker.errors import ApiError


def check_client(user_pool: str, client_id: str) -> None:
    """Raise ApiError unless the pool exists, has a domain for the sign-in page, and has this client with a secret."""
    pool = _pool(user_pool)
    client = pool["_clients"].get(client_id)
    if client is None:
        raise ApiError("ValidationException", f"The Cognito user pool {user_pool} has no app client {client_id}")
    if not client.get("ClientSecret"):
        raise ApiError(
            "ValidationException",
            f"The Cognito app client {client_id} has no secret; create it with GenerateSecret (a workforce needs one)",
        )
    if not (pool.get("Domain") or pool.get("CustomDomain")):
        raise ApiError("ValidationException", f"The Cognito user pool {user_pool} has no domain; create one first")


def check_group(user_pool: str, group: str) -> None:
    """Raise ApiError unless the pool has the group."""
    if group not in _pool(user_pool)["_groups"]:
        raise ApiError("ValidationException", f"The Cognito user pool {user_pool} has no group {group}")


def _pool(user_pool: str) -> dict[str, Any]:
    pool: dict[str, Any] | None = cognito._user_pools.get(user_pool)
    if pool is None:
        raise ApiError("ValidationException", f"The Cognito user pool {user_pool} does not exist")
    return pool
