"""The job's S3 traffic has the rights of the job's role, and no others."""

from __future__ import annotations

import os
from typing import Any

import botocore.session
from botocore.config import Config

from localcloud.clients import REGION, client

Credentials = dict[str, str]


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
