"""Addresses under which a browser may read an object for a while."""

from __future__ import annotations

from typing import Any

import boto3
from botocore.config import Config

from adapters.aws_errors import translated
from adapters.clients import CONFIG
from domain.workflow.s3_uri import S3Uri

SECONDS = 900
"""Time enough for a page to load what it shows. An address opens one object to whoever has it, so it is short."""


def presigning_client(**credentials: str) -> Any:
    """Of S3, signing as Regions made since 2014 demand; by default with the function's own credentials."""
    signing = CONFIG.merge(Config(signature_version="s3v4"))
    return boto3.client("s3", config=signing, **credentials)  # type: ignore[call-overload]


class BrowserReads:
    """Objects of one bucket."""

    def __init__(self, client: Any, bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    def address(self, uri: S3Uri, seconds: int = SECONDS) -> str:
        """Raises InvalidInput: the object lies in another bucket."""
        parameters = {"Bucket": self._bucket, "Key": uri.key_in(self._bucket)}
        with translated(f"give an address to {uri}"):
            return str(self._client.generate_presigned_url("get_object", Params=parameters, ExpiresIn=seconds))
