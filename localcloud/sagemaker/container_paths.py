"""Where things lie: S3 keys below an input's prefix, and `/opt/ml` of each instance as a folder of this machine."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

LOCAL_ROOT = "/opt/ml/processing/"
_OPT_ML = re.compile(r"(?<![\w./-])/opt/ml(?![\w.-])")


def bucket_and_key(uri: str) -> tuple[str, str]:
    """The parts of an s3:// URI; the key keeps every character."""
    bucket, _, key = uri.removeprefix("s3://").partition("/")
    return bucket, key


def relative(key: str, prefix: str) -> str:
    """The path under the input's LocalPath of an object that S3Prefix `prefix` selects.

    S3Prefix is a prefix of characters, not a folder: "a/b" selects "a/b" (as "b"), "a/b/c" (as "c") and "a/bc" (as
    "bc").
    """
    if prefix and not prefix.endswith("/"):
        if key.startswith(prefix + "/"):
            return key[len(prefix) + 1 :]
        prefix = prefix[: prefix.rfind("/") + 1]
    return key[len(prefix) :]


def shard(keys: Sequence[str], instance: int, instances: int) -> list[str]:
    """The keys that instance number `instance` (from 0) of a ShardedByS3Key input gets: every n-th in key order.

    AWS promises about 1/n of the objects for each of n instances and does not say which.
    """
    return sorted(keys)[instance::instances]


def mapped(value: Any, folder: Path) -> Any:
    """`value` (text, list or dict of texts) with each path below /opt/ml turned into one below `folder`."""
    if isinstance(value, str):
        return _OPT_ML.sub(lambda _: str(folder), value)
    if isinstance(value, list):
        return [mapped(item, folder) for item in value]
    if isinstance(value, dict):
        return {key: mapped(item, folder) for key, item in value.items()}
    return value


def inside(folder: Path, name: str) -> Path:
    """The file `name` below `folder`. Raises ValueError when the name leads out of it, or cannot be a file's."""
    parts = name.split("/")
    if not name or "\0" in name or any(part in ("", ".", "..") for part in parts):
        raise ValueError(f"the object name {name!r} cannot be a file below {folder.name}")
    return folder.joinpath(*parts)
