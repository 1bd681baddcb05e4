"""What a failure's message points to, copied out before the local cloud is destroyed with everything in it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from scripts.demo.job import DemoError

# A bucket's name as S3 allows it, then a key up to what a sentence puts behind it.
_FILE = re.compile(r"s3://([a-z0-9.-]{3,63})/([^\s'\"()<>,;]*[^\s'\"()<>,;:./])")


def with_files(error: DemoError, s3: Any, folder: Path) -> DemoError:
    """The error with the files that it names copied below `folder`; its message ends with their places there."""
    copied = []
    for bucket, key in dict.fromkeys(_FILE.findall(str(error))):
        file = folder / key
        file.parent.mkdir(parents=True, exist_ok=True)
        try:
            s3.download_file(bucket, key, str(file))
        except ClientError:
            continue  # the message may be about a file that is not there
        copied.append(file)
    listed = "".join(f"\nCopied out: {file}" for file in copied)
    return DemoError(f"{error}{listed}")
