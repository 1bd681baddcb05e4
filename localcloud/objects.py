"""S3 where ministack takes what AWS refuses."""

from __future__ import annotations

from typing import Any

from ministack.services import s3

KEY_LIMIT_BYTES = 1024
"""https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html"""


def register() -> None:
    dispatch = s3._dispatch

    def checked(method: str, bucket: str, key: str, *rest: Any) -> Any:
        size = len((key or "").encode("utf-8", "surrogatepass"))
        if size <= KEY_LIMIT_BYTES:
            return dispatch(method, bucket, key, *rest)
        told = {"Size": str(size), "MaxSizeAllowed": str(KEY_LIMIT_BYTES)}
        return s3._error("KeyTooLongError", "Your key is too long", 400, f"/{bucket}/{key}", told)

    s3._dispatch = checked
