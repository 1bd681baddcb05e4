"""Unit tests: no network, no AWS, and as many examples as the profile says."""

from __future__ import annotations

import os

import pytest
from hypothesis import settings
from pytest_socket import disable_socket, enable_socket

import augmentation  # noqa: F401 - before anybody imports numpy: it says which instructions are used

settings.register_profile("dev", max_examples=100, deadline=None)
settings.register_profile("ci", max_examples=1_000, deadline=None, print_blob=True)
settings.register_profile("nightly", max_examples=100_000, deadline=None, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "dev"))


@pytest.fixture(autouse=True)
def _no_sockets() -> object:
    disable_socket(allow_unix_socket=True)
    yield
    enable_socket()
