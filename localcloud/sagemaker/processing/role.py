"""The job's role: SageMaker must be able to assume it, and the job's S3 traffic has its rights and no others."""

from __future__ import annotations

import json
import os
from typing import Any

import botocore.session
from botocore.config import Config
from ministack.services import iam

from localcloud.clients import REGION, client
from localcloud.sagemaker.errors import ApiError

_SERVICE = "sagemaker.amazonaws.com"
Credentials = dict[str, str]


def require_assumable(role_arn: str) -> None:
    """Raise ApiError(ValidationException) unless the role exists and trusts SageMaker."""
    role = iam._roles.get(role_arn.rsplit("/", 1)[-1])
    document = (role or {}).get("AssumeRolePolicyDocument", "")
    text = document if isinstance(document, str) else json.dumps(document)
    if _SERVICE not in text:
        message = (
            f"Could not assume role {role_arn}. Please ensure that the role exists and allows principal "
            f"'{_SERVICE}' to assume the role."
        )
        raise ApiError("ValidationException", message)


def session(role_arn: str, job_name: str) -> Credentials:
    """The environment variables of a session of the role."""
    answer = client("sts").assume_role(RoleArn=role_arn, RoleSessionName=job_name)["Credentials"]
    return {
        "AWS_ACCESS_KEY_ID": answer["AccessKeyId"],
        "AWS_SECRET_ACCESS_KEY": answer["SecretAccessKey"],
        "AWS_SESSION_TOKEN": answer["SessionToken"],
    }


def s3(credentials: Credentials) -> Any:
    return botocore.session.get_session().create_client(
        "s3",
        region_name=REGION,
        endpoint_url=os.environ["AWS_ENDPOINT_URL"],
        aws_access_key_id=credentials["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=credentials["AWS_SECRET_ACCESS_KEY"],
        aws_session_token=credentials["AWS_SESSION_TOKEN"],
        config=Config(max_pool_connections=32),
    )
