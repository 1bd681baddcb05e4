"""The data bucket in memory; its own contract is tested beside S3's."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator

from domain.errors import NotFound
from domain.workflow.ports import ListedObject


class MemoryStore:
    """Bytes that are no UTF-8 are kept as surrogates. `crash_before` names a key suffix: the next write to such
    a key fails, once."""

    def __init__(self, bucket: str = "data-bucket", objects: dict[str, str] | None = None) -> None:
        self.bucket = bucket
        self.objects = dict(objects or {})
        self.written: list[str] = []
        self.crash_before: str | None = None

    def list_objects(self, prefix: str) -> Iterator[ListedObject]:
        for key in sorted(self.objects):
            if key.startswith(prefix):
                data = self.read_bytes(key)
                yield ListedObject(key, len(data), hashlib.sha256(data).hexdigest())

    def read(self, key: str) -> str:
        if key not in self.objects:
            raise NotFound(f"read s3://{self.bucket}/{key}: NoSuchKey")
        return self.objects[key]

    def read_bytes(self, key: str) -> bytes:
        return self.read(key).encode("utf-8", "surrogateescape")

    def exists(self, key: str) -> bool:
        return key in self.objects

    def find(self, key: str) -> str | None:
        return self.objects.get(key)

    def read_all(self, keys: Iterable[str]) -> Iterator[tuple[str, str]]:
        return ((key, self.read(key)) for key in list(keys))

    def read_all_bytes(self, keys: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        return ((key, self.read_bytes(key)) for key in list(keys))

    def lines(self, key: str) -> Iterator[str]:
        return iter(self.read(key).split("\n"))

    def write_all(self, texts: Iterable[tuple[str, str]]) -> None:
        for key, text in texts:
            self.write(key, text)

    def write_pieces(self, key: str, pieces: Iterable[str]) -> None:
        self.write(key, "".join(pieces))

    def write(self, key: str, text: str) -> None:
        if self.crash_before is not None and key.endswith(self.crash_before):
            self.crash_before = None
            raise TimeoutError(f"crashed before writing {key}")
        self.objects[key] = text
        self.written.append(key)

    def copy(self, source: str, target: str) -> None:
        self.write(target, self.read(source))

    def delete(self, keys: Iterable[str]) -> None:
        for key in list(keys):
            self.objects.pop(key, None)
