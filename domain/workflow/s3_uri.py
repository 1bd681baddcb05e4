"""An S3 URI as a value: text that knows its bucket and its key."""

from __future__ import annotations

import re
from typing import Any

from pydantic import GetCoreSchemaHandler
from pydantic_core import core_schema

from domain.errors import InvalidInput

PATTERN = r"^s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]/.+"


class S3Uri(str):
    """`s3://<bucket>/<key>`; the key may be a prefix. In JSON it is a string.

    Raises:
        ValueError: it is none.
    """

    __slots__ = ()

    def __new__(cls, uri: str) -> S3Uri:
        if not re.match(PATTERN, uri):
            raise ValueError(f"{uri!r} is no s3://<bucket>/<key>")
        return super().__new__(cls, uri)

    @classmethod
    def of(cls, bucket: str, key: str) -> S3Uri:
        return cls(f"s3://{bucket}/{key}")

    @property
    def bucket(self) -> str:
        return self.split("/", 3)[2]

    @property
    def key(self) -> str:
        return self.split("/", 3)[3]

    def key_in(self, bucket: str, field: str = "uri") -> str:
        """The key, of an object of this very bucket; `field` says in an error where the URI stood.

        Raises:
            InvalidInput: it lies in another one.
        """
        if self.bucket != bucket:
            raise InvalidInput(f"{field}: {self} is outside the data bucket {bucket}; copy it there")
        return self.key

    @classmethod
    def __get_pydantic_core_schema__(cls, _source: Any, _handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        return core_schema.no_info_after_validator_function(cls, core_schema.str_schema(pattern=PATTERN))
