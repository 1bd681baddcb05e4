"""A real Label Studio server, a bucket that it and we read, and a headless browser.

Without `.venv-label-studio`, which `make test-label-studio` makes, everything here is skipped, loudly.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
import urllib3
from moto.server import ThreadedMotoServer

from adapters.browser_reads import BrowserReads, presigning_client
from adapters.label_studio import LabelStudio
from adapters.label_studio_http import LabelStudioHttp
from adapters.object_store import S3ObjectStore
from labelers.label_studio.images import Images, PresignedImages
from labelers.label_studio.labeler import LabelStudioLabeler, Means
from labelers.label_studio.webhook import Webhook
from scripts.draw_faces import draw_faces
from scripts.label_studio_server import PROGRAM
from tests.label_studio.jobs import Make
from tests.label_studio.server import Server

BUCKET = "data-bucket"
KEYS = {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing", "AWS_DEFAULT_REGION": "us-east-1"}
NOT_INSTALLED = "no Label Studio: .venv-label-studio is not there"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if not PROGRAM.exists():
        for item in items:
            if Path(__file__).parent in item.path.parents:
                item.add_marker(pytest.mark.skip(reason=NOT_INSTALLED))


def pytest_terminal_summary(terminalreporter: Any) -> None:
    skipped = terminalreporter.stats.get("skipped", [])
    left_out = [report for report in skipped if NOT_INSTALLED in str(report.longrepr)]
    if left_out:
        terminalreporter.section("LEFT OUT: no real Label Studio server was tested", sep="!", red=True, bold=True)
        terminalreporter.write_line(f"{NOT_INSTALLED}. Run `make test-label-studio`. Left out:")
        for report in left_out:
            terminalreporter.write_line(f"  {report.nodeid}")


@pytest.fixture(scope="session")
def aws() -> Iterator[str]:
    """The address of an S3 that keeps its objects in this process."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture(scope="session")
def s3(aws: str) -> Any:
    named = {"aws_access_key_id": "testing", "aws_secret_access_key": "testing", "region_name": "us-east-1"}
    client = boto3.client("s3", endpoint_url=aws, **named)
    client.create_bucket(Bucket=BUCKET)
    return client


@pytest.fixture(scope="session")
def store(s3: Any, tmp_path_factory: pytest.TempPathFactory) -> S3ObjectStore:
    """Three drawn faces below raw/faces/."""
    folder = tmp_path_factory.mktemp("faces")
    for path in draw_faces(folder / "images", folder / "answers.csv", count=3, open_mouths=1):
        s3.put_object(Bucket=BUCKET, Key=f"raw/faces/{path.name}", Body=path.read_bytes(), ContentType="image/jpeg")
    return S3ObjectStore(s3, BUCKET)


@pytest.fixture(scope="session")
def server(aws: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """With credentials of its own for the bucket, as its owner would give it."""
    with Server(tmp_path_factory.mktemp("label-studio"), {**KEYS, "AWS_ENDPOINT_URL": aws}) as made:
        made.wait()
        yield made


@pytest.fixture
def labeler(server: Server, store: S3ObjectStore, aws: str) -> Make:
    key = {"aws_access_key_id": "testing", "aws_secret_access_key": "testing", "region_name": "us-east-1"}
    reads = BrowserReads(presigning_client(endpoint_url=aws, **key), store.bucket)
    presigned = PresignedImages(reads.address, lambda: True)

    def make(images: Images = presigned, token: str = server.token, webhook: str = "") -> LabelStudioLabeler:
        client = LabelStudio(LabelStudioHttp(urllib3.PoolManager(), server.url, lambda: token, time.sleep))
        means = Means(store, images, Webhook(client, lambda: token, webhook), time.time, lambda *_: None)
        return LabelStudioLabeler(client, means, "kempelen-dev-")

    return make
