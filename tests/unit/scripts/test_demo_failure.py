"""The demo's failure keeps the files that it names, for their bucket is destroyed."""

from __future__ import annotations

from pathlib import Path

import pytest
from botocore.exceptions import ClientError

from scripts.demo.failure import with_files
from scripts.demo.job import DemoError


class Bucket:
    """Holds what the test gives, under any bucket's name."""

    def __init__(self, **files: str) -> None:
        self.files = files
        self.asked: list[str] = []

    def download_file(self, bucket: str, key: str, target: str) -> None:
        self.asked.append(f"{bucket}/{key}")
        if key not in self.files:
            raise ClientError({"Error": {"Code": "404", "Message": "Not Found"}}, "HeadObject")
        Path(target).write_text(self.files[key])


LABELS = "labels/faces/demo-1/labels.jsonl"


@pytest.mark.parametrize(
    "message",
    [
        "none of 3 objects is labeled: no reason was given (see s3://data-bucket/labels/faces/demo-1/labels.jsonl)",
        "the reasons are in s3://data-bucket/labels/faces/demo-1/labels.jsonl",
        "see 's3://data-bucket/labels/faces/demo-1/labels.jsonl', s3://data-bucket/labels/faces/demo-1/labels.jsonl.",
    ],
)
def test_a_file_that_the_message_names_is_copied_out_and_said(tmp_path: Path, message: str) -> None:
    bucket = Bucket(**{LABELS: "rows"})
    error = with_files(DemoError(message), bucket, tmp_path)
    assert str(error) == f"{message}\nCopied out: {tmp_path / LABELS}"
    assert (tmp_path / LABELS).read_text() == "rows"
    assert bucket.asked == [f"data-bucket/{LABELS}"]


@pytest.mark.parametrize("message", ["recipe: there is no s3://data-bucket/recipes/x.yaml", "labels: are required"])
def test_a_message_without_a_file_stays_as_it_is(tmp_path: Path, message: str) -> None:
    assert str(with_files(DemoError(message), Bucket(), tmp_path)) == message
