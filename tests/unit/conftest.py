"""Unit tests: no network, no AWS, as many examples as the profile says, and models of AWS that are read once."""

from __future__ import annotations

import os
from functools import cache
from typing import Any

import botocore.loaders
import pytest
from hypothesis import settings
from pytest_socket import disable_socket, enable_socket

import augmentation  # noqa: F401 - before anybody imports numpy: it says which instructions are used

settings.register_profile("dev", max_examples=100, deadline=None)
settings.register_profile("ci", max_examples=250, deadline=None, print_blob=True)
settings.register_profile("nightly", max_examples=100_000, deadline=None, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "dev"))

# Each mock of AWS begins with a new session, which would read the same megabytes of JSON again: half of such a test.
_of_one_path = cache(botocore.loaders.JSONFileLoader().load_file)


def _kept(_loader: Any, file_path: str) -> Any:
    return _of_one_path(file_path)


botocore.loaders.JSONFileLoader.load_file = _kept  # type: ignore[method-assign]


@pytest.fixture(autouse=True)
def _no_sockets() -> object:
    disable_socket(allow_unix_socket=True)
    yield
    enable_socket()
