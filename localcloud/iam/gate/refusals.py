"""A refusal as each service answers it.

Codes: AccessDenied of S3 and of services with the query protocol, UnauthorizedOperation of EC2, AuthorizationError of
SNS, AccessDeniedException of all others
(https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html).
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from ministack.core import iam_actions

from localcloud.iam.gate.callers import Caller
from localcloud.iam.requests import AuthorizationRequest

Answer = tuple[int, dict[str, Any], bytes]


class DeniedError(Exception):
    """In AWS's words."""


def message(caller: Caller, request: AuthorizationRequest, reason: str) -> str:
    """`reason` names the role; people know it by its session:
    "User: arn:aws:sts::…:assumed-role/… is not authorized to perform: …".
    """
    return f"User: {reason.replace(request.principal, caller.session, 1)}"


def answer(service: str, request: AuthorizationRequest, text: str, headers: Mapping[str, str]) -> Answer:
    """`service` as ministack names it."""
    named = request.principal, str(uuid.uuid4())
    status, heads, body = iam_actions.access_denied_response(
        service, request.action, *named, headers=dict(headers), resource_arn=request.resources[0], message=text
    )
    return status, heads, body
