"""Addresses under which a browser may read an object for a while."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Any

import boto3
from botocore.config import Config

from adapters.aws_errors import translated
from adapters.clients import CONFIG
from domain.workflow.s3_uri import S3Uri

SECONDS = 900
"""Time enough for a page to load what it shows. An address opens one object to whoever has it, so it is short."""

_SHOWN_AS = {
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".wav": "audio/wav",
    ".wave": "audio/wav",
    ".flac": "audio/flac",
    ".txt": "text/plain; charset=utf-8",
    ".json": "application/json",
}
_AS_A_FILE = "application/octet-stream"


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
        """S3 serves it as what its name says, whatever it was uploaded as: a page of HTML is none as "a.png", and
        what has another name is downloaded.

        https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html, response-content-type

        Raises InvalidInput: the object lies in another bucket.
        """
        key = uri.key_in(self._bucket)
        parameters = {
            "Bucket": self._bucket,
            "Key": key,
            "ResponseCacheControl": f"private, max-age={seconds}",
            "ResponseContentType": _SHOWN_AS.get(PurePosixPath(key).suffix.lower(), _AS_A_FILE),
        }
        with translated(f"give an address to {uri}"):
            return str(self._client.generate_presigned_url("get_object", Params=parameters, ExpiresIn=seconds))
