"""One local cloud for all tests of this folder; each test makes resources with names of its own."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest
from botocore.config import Config

from localcloud.client.process import LocalCloud

_WAIT_SECONDS = 90.0  # a loaded machine is slow, and a test that passes waits no longer


@pytest.fixture(scope="session")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalCloud]:
    with LocalCloud(tmp_path_factory.mktemp("cloud"), time_scale=0.2) as running:
        yield running


@pytest.fixture(scope="session")
def client(cloud: LocalCloud) -> Callable[[str], Any]:
    """Clients of the local cloud by service name; no retries, so that each refusal is seen once."""
    made: dict[str, Any] = {}

    def of(service: str) -> Any:
        if service not in made:
            made[service] = boto3.client(
                service,
                endpoint_url=cloud.endpoint,
                region_name="us-east-1",
                aws_access_key_id="local",
                aws_secret_access_key="local",
                config=Config(retries={"total_max_attempts": 1}),
            )
        return made[service]

    return of


@pytest.fixture
def unique() -> Callable[[str], str]:
    """Names that no other test uses."""
    return lambda stem: f"{stem}-{uuid.uuid4().hex[:8]}"


@pytest.fixture(scope="session")
def until() -> Callable[..., Any]:
    """Ask until the answer pleases; the answer. Fails after a minute and a half with the last one."""

    def wait(ask: Callable[[], Any], pleases: Callable[[Any], bool]) -> Any:
        deadline = time.monotonic() + _WAIT_SECONDS
        while time.monotonic() < deadline:
            answer = ask()
            if pleases(answer):
                return answer
            time.sleep(0.02)
        pytest.fail(f"not within {_WAIT_SECONDS} s; the last answer was {answer}")

    return wait
