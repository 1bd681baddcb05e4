"""Addresses under which a worker's browser reads an image, and how the endpoint knows them again.

They are presigned as on AWS, and bear a mark that only this server can make, for this object only: the account's key is
no secret here, so that any page could presign an address of its own. S3 does not read a parameter that begins with "x-"
(https://docs.aws.amazon.com/AmazonS3/latest/userguide/LogFormat.html#LogFormatCustom).
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from functools import cache
from typing import Any
from urllib.parse import unquote, urlsplit

import botocore.session
from botocore.config import Config

from localcloud.clients import CREDENTIALS, REGION
from localcloud.ground_truth.job.role import bucket_and_key

MARK = "x-kempelen-image"
_READ_SECONDS = 3600
_SECRET = secrets.token_bytes(32)


def address(uri: str) -> str:
    """Where the object of an s3:// URI can be read for an hour."""
    bucket, key = bucket_and_key(uri)
    parameters = {"Bucket": bucket, "Key": key}
    return str(_client().generate_presigned_url("get_object", Params=parameters, ExpiresIn=_READ_SECONDS))


def is_marked(path: str, mark: str) -> bool:
    """Whether `address` made this path (decoded) and mark."""
    return hmac.compare_digest(_mark(path).encode(), mark.encode())


def _mark(path: str) -> str:
    return hmac.new(_SECRET, path.encode(), hashlib.sha256).hexdigest()


@cache
def _client() -> Any:
    """Signs with the account's rights, in Signature Version 4 as AWS demands."""
    made = botocore.session.get_session().create_client(
        "s3",
        region_name=REGION,
        endpoint_url=os.environ["AWS_ENDPOINT_URL"],
        aws_access_key_id=CREDENTIALS["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=CREDENTIALS["AWS_SECRET_ACCESS_KEY"],
        config=Config(signature_version="s3v4", s3={"addressing_style": "path"}),
    )
    made.meta.events.register("before-sign.s3.GetObject", _add_mark)
    return made


def _add_mark(request: Any, **_event: Any) -> None:
    request.params[MARK] = _mark(unquote(urlsplit(request.url).path))
