"""A local cloud with a workforce and a headless Chromium, for tests that use the worker portal as a person does."""

from __future__ import annotations

import csv
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from playwright.sync_api import Browser, Page

from localcloud.client.process import LocalCloud
from scripts.draw_faces import draw_faces
from tests.localcloud import labeling
from tests.localcloud.labeling import Workforce
from tests.portal.at_the_portal import wait_for
from tests.portal.own_portal import OwnPortal, own_portal


@pytest.fixture(scope="session")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalCloud]:
    with LocalCloud(tmp_path_factory.mktemp("portal-cloud"), time_scale=0.2) as running:
        yield running


@pytest.fixture(scope="module")
def own() -> Iterator[OwnPortal]:
    with own_portal() as running:
        yield running


@pytest.fixture(scope="session")
def client(cloud: LocalCloud) -> Callable[[str], Any]:
    """Clients of the local cloud by service name."""
    return lambda service: boto3.client(
        service,
        endpoint_url=cloud.endpoint,
        region_name="us-east-1",
        aws_access_key_id="local",
        aws_secret_access_key="local",
    )


@pytest.fixture(scope="session")
def workforce(client: Callable[[str], Any]) -> Workforce:
    return labeling.make_workforce(client)


@pytest.fixture
def page(browser: Browser, cloud: LocalCloud) -> Iterator[Page]:
    """A tab of a browser that nobody has used; its console's errors fail the test."""
    context = browser.new_context(base_url=cloud.portal, viewport={"width": 1280, "height": 800})
    opened = context.new_page()
    errors: list[str] = []
    opened.on("pageerror", lambda error: errors.append(str(error)))
    opened.set_default_timeout(20_000)
    yield opened
    context.close()
    assert errors == []


@pytest.fixture(scope="session")
def screenshots() -> Callable[[Page, str], None]:
    """Keeps a picture of the page where KEMPELEN_SCREENSHOTS says, if it does."""
    folder = os.environ.get("KEMPELEN_SCREENSHOTS")

    def take(page: Page, name: str) -> None:
        if folder:
            page.screenshot(path=Path(folder) / f"{name}.png")

    return take


@pytest.fixture(scope="session")
def faces(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """33 drawn faces in images/, the answers in answers.csv."""
    folder = tmp_path_factory.mktemp("faces")
    draw_faces(folder / "images", folder / "answers.csv")
    return folder


@pytest.fixture(scope="session")
def answers(faces: Path) -> dict[str, str]:
    with (faces / "answers.csv").open(encoding="utf-8", newline="") as lines:
        return {row["file"]: row["label"] for row in csv.DictReader(lines)}


@pytest.fixture(scope="session")
def uris(client: Callable[[str], Any], faces: Path) -> list[str]:
    s3 = client("s3")
    bucket = labeling.make_bucket(s3, "faces")
    found = []
    for path in sorted((faces / "images").iterdir()):
        s3.put_object(Bucket=bucket, Key=f"raw/{path.name}", Body=path.read_bytes(), ContentType="image/jpeg")
        found.append(f"s3://{bucket}/raw/{path.name}")
    return found


@pytest.fixture
def start(
    client: Callable[[str], Any], workforce: Workforce, uris: list[str], request: Any
) -> Iterator[Callable[..., str]]:
    """Create a labeling job over the faces and wait until it is in progress; it is stopped after the test."""
    sagemaker = client("sagemaker")

    def create(count: int = 33, **task: Any) -> str:
        name = re.sub(r"[^a-z0-9]+", "-", request.node.name)[-55:].strip("-")
        template = task.pop("template", labeling.template("Is the mouth open?"))
        task = {"NumberOfHumanWorkersPerDataObject": 1, "template": template, **task}
        job = labeling.job_request(workforce, client("s3"), "faces", name, uris[:count], **task)
        sagemaker.create_labeling_job(**job)
        wait_for(client, name, "InProgress")
        return name

    yield create
    for job in sagemaker.list_labeling_jobs(StatusEquals="InProgress")["LabelingJobSummaryList"]:
        sagemaker.stop_labeling_job(LabelingJobName=job["LabelingJobName"])
