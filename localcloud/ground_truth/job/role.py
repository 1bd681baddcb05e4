"""S3 as a labeling job sees it: with the rights of the role that CreateLabelingJob was given."""

from __future__ import annotations

import os
from typing import Any

import botocore.session

from localcloud.clients import REGION, client


def s3_of_role(role_arn: str, session_name: str) -> Any:
    """A client with the role's rights for one hour. Raises botocore's ClientError when it cannot be assumed."""
    answer = client("sts").assume_role(RoleArn=role_arn, RoleSessionName=session_name[:64], DurationSeconds=3600)
    credentials = answer["Credentials"]
    return botocore.session.get_session().create_client(
        "s3",
        region_name=REGION,
        endpoint_url=os.environ["AWS_ENDPOINT_URL"],
        aws_access_key_id=credentials["AccessKeyId"],
        aws_secret_access_key=credentials["SecretAccessKey"],
        aws_session_token=credentials["SessionToken"],
    )


def bucket_and_key(uri: str) -> tuple[str, str]:
    """The parts of an s3:// URI; the key keeps every character."""
    bucket, _, key = uri.removeprefix("s3://").partition("/")
    return bucket, key
