"""The error answers of the SageMaker API."""

from __future__ import annotations


class ApiError(Exception):
    """`code` is AWS's error code, e.g. "ResourceNotFound"; `status` the HTTP status that AWS answers with it."""

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status
