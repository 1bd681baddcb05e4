"""What goes up to the data bucket, and the published version that comes down from it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from scripts.demo.job import Job

# boto3's clients may be shared by threads; more of them do not help on a laptop.
THREADS = 8


def upload(s3: Any, bucket: str, job: Job) -> str:
    """Upload the images and the recipe; the recipe's key."""
    recipe = f"recipes/{job.recipe.name}"
    s3.upload_file(str(job.recipe), bucket, recipe)
    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(lambda file: s3.upload_file(str(file), bucket, raw_key(job, file)), job.files))
    return recipe


def raw_key(job: Job, file: Path) -> str:
    """Where a file of the job's folder lies in the data bucket."""
    return f"raw/{job.dataset}/{file.relative_to(job.images).as_posix()}"


def download_version(s3: Any, uri: str, target: Path) -> None:
    """Copy a published version into a new folder."""
    bucket, _, prefix = uri.removeprefix("s3://").partition("/")
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
    keys = [item["Key"] for page in pages for item in page.get("Contents", ())]

    def fetch(key: str) -> None:
        file = target / key.removeprefix(prefix)
        file.parent.mkdir(parents=True, exist_ok=True)
        s3.download_file(bucket, key, str(file))

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(fetch, keys))


def has_object(s3: Any, bucket: str, key: str) -> bool:
    """Whether the object is there."""
    return any(item["Key"] == key for item in s3.list_objects_v2(Bucket=bucket, Prefix=key).get("Contents", ()))


def read_text(s3: Any, uri: str) -> str:
    """An object's text."""
    bucket, _, key = uri.removeprefix("s3://").partition("/")
    body: bytes = s3.get_object(Bucket=bucket, Key=key)["Body"].read()
    return body.decode("utf-8")
