"""The data bucket."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from itertools import islice
from tempfile import SpooledTemporaryFile
from typing import Any

from adapters.aws_errors import translated
from domain.errors import NotFound
from domain.workflow.ports import ListedObject

_READERS = 16
_CHUNK, _SPOOL = 1 << 20, 8 << 20  # bytes read at a time; bytes kept in memory before a file on disk holds them
_DELETE_LIMIT = 1000  # keys in one DeleteObjects request
_CONTENT_TYPES = {".html": "text/html; charset=utf-8", ".json": "application/json", ".yaml": "application/yaml"}


def _content_type(key: str) -> str:
    return next((kind for end, kind in _CONTENT_TYPES.items() if key.endswith(end)), "text/plain")


def _is_archived(item: dict[str, Any]) -> bool:
    """https://docs.aws.amazon.com/AmazonS3/latest/userguide/archived-objects.html; a restored copy can be read."""
    restored = "RestoreExpiryDate" in item.get("RestoreStatus", {})
    return item.get("StorageClass") in ("GLACIER", "DEEP_ARCHIVE") and not restored


class S3ObjectStore:
    """Fulfils `domain.workflow.ports.ObjectStore` on one bucket."""

    def __init__(self, client: Any, bucket: str) -> None:
        self._client = client
        self.bucket = bucket

    def list_objects(self, prefix: str) -> Iterator[ListedObject]:
        with translated(f"list s3://{self.bucket}/{prefix}"):
            pages = self._client.get_paginator("list_objects_v2").paginate(
                Bucket=self.bucket, Prefix=prefix, OptionalObjectAttributes=["RestoreStatus"]
            )
            for page in pages:
                for item in page.get("Contents", []):
                    yield ListedObject(item["Key"], item["Size"], item.get("ETag", ""), _is_archived(item))

    def read(self, key: str) -> str:
        return self.read_bytes(key).decode("utf-8")

    def read_bytes(self, key: str) -> bytes:
        with translated(f"read s3://{self.bucket}/{key}"):
            body: bytes = self._client.get_object(Bucket=self.bucket, Key=key)["Body"].read()
        return body

    def exists(self, key: str) -> bool:
        """Asks the listing: a role that may list only some prefixes gets a missing object denied, not "not found"."""
        with translated(f"look for s3://{self.bucket}/{key}"):
            answer = self._client.list_objects_v2(Bucket=self.bucket, Prefix=key, MaxKeys=1)
        return any(item["Key"] == key for item in answer.get("Contents", []))

    def find(self, key: str) -> str | None:
        return self.read(key) if self.exists(key) else None

    def read_all(self, keys: Iterable[str]) -> Iterator[tuple[str, str]]:
        """Reads several objects at a time: one small object takes about as long as the way to S3 and back."""
        return ((key, data.decode("utf-8")) for key, data in self.read_all_bytes(keys))

    def read_all_bytes(self, keys: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        remaining = iter(keys)
        with ThreadPoolExecutor(_READERS) as pool:
            while batch := list(islice(remaining, _READERS * 8)):
                yield from zip(batch, pool.map(self.read_bytes, batch), strict=True)

    def lines(self, key: str) -> Iterator[str]:
        with translated(f"read s3://{self.bucket}/{key}"):
            body = self._client.get_object(Bucket=self.bucket, Key=key)["Body"]
            with closing(body):
                left = b""
                for chunk in body.iter_chunks(_CHUNK):
                    *whole, left = (left + chunk).split(b"\n")  # at "\n" only: rows may hold other line ends
                    yield from (line.decode("utf-8") for line in whole)
                if left:
                    yield left.decode("utf-8")

    def write(self, key: str, text: str) -> None:
        with translated(f"write s3://{self.bucket}/{key}"):
            self._client.put_object(
                Bucket=self.bucket, Key=key, Body=text.encode("utf-8"), ContentType=_content_type(key)
            )

    def write_all(self, texts: Iterable[tuple[str, str]]) -> None:
        remaining = iter(texts)
        with ThreadPoolExecutor(_READERS) as pool:
            while batch := list(islice(remaining, _READERS * 8)):
                list(pool.map(lambda item: self.write(*item), batch))

    def write_pieces(self, key: str, pieces: Iterable[str]) -> None:
        with SpooledTemporaryFile(max_size=_SPOOL) as file:
            for piece in pieces:
                file.write(piece.encode("utf-8"))
            file.seek(0)
            with translated(f"write s3://{self.bucket}/{key}"):
                # Many parts for a large file, and one request for a small one.
                self._client.upload_fileobj(file, self.bucket, key, ExtraArgs={"ContentType": _content_type(key)})

    def copy(self, source: str, target: str) -> None:
        with translated(f"copy s3://{self.bucket}/{source} to {target}"):
            # In parts above 5 GB. Without tags: to copy them takes rights of their own, and nobody here reads them.
            self._client.copy(
                {"Bucket": self.bucket, "Key": source}, self.bucket, target, ExtraArgs={"TaggingDirective": "REPLACE"}
            )

    def delete(self, keys: Iterable[str]) -> None:
        remaining = iter(keys)
        while batch := list(islice(remaining, _DELETE_LIMIT)):
            with translated(f"delete {len(batch)} objects in s3://{self.bucket}"):
                self._client.delete_objects(
                    Bucket=self.bucket, Delete={"Objects": [{"Key": key} for key in batch], "Quiet": True}
                )

    def region(self) -> str:
        """The bucket's Region; S3 says nothing at all for us-east-1."""
        with translated(f"find the Region of bucket {self.bucket}"):
            return self._client.get_bucket_location(Bucket=self.bucket).get("LocationConstraint") or "us-east-1"

    def browser_origins(self) -> set[str]:
        """The origins from which a browser may GET the bucket's objects, by its CORS rules."""
        try:
            with translated(f"read the CORS rules of bucket {self.bucket}"):
                rules = self._client.get_bucket_cors(Bucket=self.bucket)["CORSRules"]
        except NotFound:
            return set()
        return {origin for rule in rules if "GET" in rule["AllowedMethods"] for origin in rule["AllowedOrigins"]}
