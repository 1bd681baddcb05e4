"""Addresses under which a worker's browser reads an image, presigned as on AWS."""

from __future__ import annotations

import os
from functools import cache
from typing import Any

import botocore.session
from botocore.config import Config

from localcloud import presigned
from localcloud.clients import CREDENTIALS, REGION
from localcloud.ground_truth.job.role import bucket_and_key

_READ_SECONDS = 3600


def address(uri: str) -> str:
    """Where the object of an s3:// URI can be read for an hour."""
    bucket, key = bucket_and_key(uri)
    parameters = {"Bucket": bucket, "Key": key}
    return str(_client().generate_presigned_url("get_object", Params=parameters, ExpiresIn=_READ_SECONDS))


@cache
def _client() -> Any:
    """Signs with the account's rights, in Signature Version 4 as AWS demands."""
    return botocore.session.get_session().create_client(
        "s3",
        region_name=REGION,
        endpoint_url=os.environ["AWS_ENDPOINT_URL"],
        aws_access_key_id=CREDENTIALS["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=presigned.SECRET,
        config=Config(signature_version="s3v4", s3={"addressing_style": "path"}),
    )
