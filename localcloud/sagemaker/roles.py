"""Roles that a request hands to SageMaker."""

from __future__ import annotations

import json
from collections.abc import Callable

from ministack.services import iam

from localcloud.sagemaker.errors import ApiError

_SERVICE = "sagemaker.amazonaws.com"
CHECKS: list[Callable[[str, bool], bool]] = []
"""Whether its trust policy lets SageMaker in, and Ground Truth if the second is true; empty unless IAM is enforced."""


def require_assumable(role_arn: str, *, of_labeling: bool = False) -> None:
    """Raise ApiError(ValidationException) unless the role exists and trusts SageMaker."""
    role = iam._roles.get(role_arn.rsplit("/", 1)[-1])
    document = (role or {}).get("AssumeRolePolicyDocument", "")
    text = document if isinstance(document, str) else json.dumps(document)
    if _SERVICE not in text or not all(check(role_arn, of_labeling) for check in CHECKS):
        message = (
            f"Could not assume role {role_arn}. Please ensure that the role exists and allows principal "
            f"'{_SERVICE}' to assume the role."
        )
        raise ApiError("ValidationException", message)
