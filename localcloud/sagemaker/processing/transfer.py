"""Input from S3 before the containers start, output to S3 after they ended."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from localcloud.sagemaker.container_paths import bucket_and_key, inside, mapped, relative, shard

_THREADS = 8


class TransferFailedError(Exception):
    """The job fails with this text as its FailureReason."""


def download(s3: Any, s3_input: dict[str, Any], folders: list[Path]) -> None:
    """Put the input's objects below its LocalPath in each instance's folder (all of them, or the instance's shard)."""
    uri = s3_input["S3Uri"]
    listed = s3_input.get("S3DataType") == "ManifestFile"
    bucket, prefix, keys = _listed(s3, uri) if listed else _below(s3, uri)
    sharded = s3_input.get("S3DataDistributionType") == "ShardedByS3Key"
    wanted: list[tuple[str, Path]] = []
    for number, folder in enumerate(folders):
        target = Path(mapped(s3_input["LocalPath"], folder))
        target.mkdir(parents=True, exist_ok=True)
        mine = shard(keys, number, len(folders)) if sharded else keys
        wanted += [(key, _target(target, relative(key, prefix))) for key in mine]
    with ThreadPoolExecutor(_THREADS) as pool:
        for _ in pool.map(lambda pair: _get(s3, bucket, *pair), wanted):
            pass


def _target(folder: Path, name: str) -> Path:
    try:
        return inside(folder, name)
    except ValueError as error:
        raise TransferFailedError(f"ClientError: Data download failed: {error}") from error


def _listed(s3: Any, uri: str) -> tuple[str, str, list[str]]:
    """Bucket, prefix and keys of a manifest: a JSON list of a prefix and what is to be appended to it.

    A file's path below LocalPath is its whole key, as a training job of 2019 had it
    (https://github.com/aws/sagemaker-python-sdk/issues/723); AWS does not document it.
    """
    bucket, key = bucket_and_key(uri)
    try:
        head, *names = json.loads(s3.get_object(Bucket=bucket, Key=key)["Body"].read())
        theirs, prefix = bucket_and_key(head["prefix"])
        keys = [prefix + name for name in names]
    except (ClientError, BotoCoreError) as error:
        raise TransferFailedError(f"ClientError: Failed to download data. {uri}: {error}") from error
    except (ValueError, KeyError, TypeError) as error:
        raise TransferFailedError(f"ClientError: Data download failed: {uri} is no manifest: {error!r}") from error
    if not theirs or not keys:
        raise TransferFailedError(f"ClientError: Data download failed: the manifest {uri} names no bucket or no object")
    return theirs, "", keys


def _below(s3: Any, uri: str) -> tuple[str, str, list[str]]:
    """Bucket, prefix and keys; those that end with "/" are folders that the console made, not data."""
    bucket, prefix = bucket_and_key(uri)
    try:
        pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
        keys = [item["Key"] for page in pages for item in page.get("Contents", []) if not item["Key"].endswith("/")]
    except (ClientError, BotoCoreError) as error:
        raise TransferFailedError(
            f"ClientError: Failed to download data. ListObjectsV2 failed for {uri}: {error}"
        ) from error
    if not keys:
        raise TransferFailedError(
            f'ClientError: Data download failed: No S3 objects found under S3 URL "{uri}" given in input data source. '
            "Please ensure that the bucket exists, that objects exist under that S3 prefix, and that the role has "
            f's3:ListBucket permission on bucket "{bucket}".'
        )
    return bucket, prefix, keys


def _get(s3: Any, bucket: str, key: str, target: Path) -> None:
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("wb") as file:
            shutil.copyfileobj(s3.get_object(Bucket=bucket, Key=key)["Body"], file)
    except (ClientError, BotoCoreError, OSError) as error:
        raise TransferFailedError(f"ClientError: Failed to download data. s3://{bucket}/{key}: {error}") from error


def upload(s3: Any, s3_output: dict[str, Any], folders: list[Path]) -> None:
    """Send what lies below the output's LocalPath in every instance; symbolic links are not followed, as on AWS."""
    bucket, prefix = bucket_and_key(s3_output["S3Uri"].rstrip("/"))
    pairs = [
        (path, f"{prefix}/{name}" if prefix else name)
        for folder in folders
        for path, name in _files(Path(mapped(s3_output["LocalPath"], folder)))
    ]
    with ThreadPoolExecutor(_THREADS) as pool:
        for _ in pool.map(lambda pair: _put(s3, bucket, *pair), pairs):
            pass


def _files(folder: Path) -> Iterator[tuple[Path, str]]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink():
            yield path, path.relative_to(folder).as_posix()


def _put(s3: Any, bucket: str, path: Path, key: str) -> None:
    try:
        with path.open("rb") as file:
            s3.put_object(Bucket=bucket, Key=key, Body=file)
    except (ClientError, BotoCoreError, OSError) as error:
        raise TransferFailedError(f"ClientError: Failed to upload data to s3://{bucket}/{key}: {error}") from error
