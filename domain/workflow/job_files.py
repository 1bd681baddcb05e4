"""What a processing job can have as files: SageMaker copies each object of its input to a path named like its key."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from domain.workflow.object_keys import key_problem
from domain.workflow.ports import ListedObject

COMPONENT_LIMIT_BYTES = 255
"""NAME_MAX of ext4 and XFS: limits.h(0p)."""
ALSO_FOLDER = "is also the folder of other objects, such as those below"


def job_files(listing: Iterable[ListedObject]) -> Iterator[tuple[ListedObject, str]]:
    """Each object with the reason why a job cannot have it as a file; an empty one where it can.

    Folder markers, empty keys that end in a slash, are no objects and left out. Where one key is the folder of others,
    as `a.jpg` beside `a.jpg/b.jpg`, it is the one that gives way.
    """
    items = [(item, file_problem(item)) for item in listing if not is_marker(item)]
    folders = _folders(item.key for item, problem in items if not problem)
    for item, problem in items:
        taken = not problem and item.key in folders
        yield item, f"{ALSO_FOLDER} {item.key}/" if taken else problem


def is_marker(item: ListedObject) -> bool:
    """Whether it only marks a folder, as the console of S3 makes it."""
    return item.key.endswith("/") and item.size == 0


def input_manifest(keys: Iterable[str], bucket: str) -> Iterator[str]:
    """The text of a ManifestFile input, piece by piece.

    Its prefix is the bucket, so that a file's path below the input's folder is its whole key: whether SageMaker lays
    files out by key or relative to the manifest's prefix is not documented.
    https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_S3DataSource.html
    """
    yield json.dumps([{"prefix": f"s3://{bucket}/"}])[:-1]
    for key in keys:
        yield ",\n" + json.dumps(key, ensure_ascii=False)
    yield "]\n"


def file_problem(item: ListedObject) -> str:
    """Why a job cannot have this object as a file, whatever else there is; empty where it can."""
    problem = key_problem(item.key)
    if problem:
        return f"the key {problem}"
    if any(len(part.encode()) > COMPONENT_LIMIT_BYTES for part in item.key.split("/")):
        return f"a part of the key between slashes is longer than {COMPONENT_LIMIT_BYTES} bytes, and no file can be"
    if item.key.endswith("/"):
        return "is a folder marker with content"
    if item.size == 0:
        return "is empty"
    if item.archived:
        return "lies in an archive (its storage class); restore it first"
    return ""


def _folders(keys: Iterable[str]) -> set[str]:
    found: set[str] = set()
    for key in keys:
        folder = key.rpartition("/")[0]
        while folder and folder not in found:
            found.add(folder)
            folder = folder.rpartition("/")[0]
    return found
