"""The back end as a function makes it: the secret is read when it is needed, once, and signs where it has a key."""

from __future__ import annotations

from typing import Any

import pytest
import urllib3

from domain.labeling.manifest.prepare import prepare
from domain.workflow.inputs import LabelingTask
from labelers.factory import make_labeler
from labelers.label_studio import backend
from tests.support.builders.runs import any_label_run, any_task
from tests.support.fakes.label_studio import TOKEN, URL, FakeLabelStudio
from tests.support.fakes.store import MemoryStore

RUN = any_label_run(task=any_task(availability_seconds=604_800))


class Secrets:
    def __init__(self, text: str) -> None:
        self.text, self.read = text, []

    def get_secret_value(self, *, SecretId: str) -> dict[str, str]:  # noqa: N803 - botocore's
        self.read.append(SecretId)
        return {"SecretString": self.text}


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> Any:
    def make(images: str, secret: str) -> tuple[Any, FakeLabelStudio, Secrets, MemoryStore]:
        server, secrets = FakeLabelStudio(), Secrets(secret)
        store = MemoryStore(objects={"raw/faces/a.jpg": "a"})
        monkeypatch.setattr(backend, "client", lambda service: secrets if service == "secretsmanager" else None)
        monkeypatch.setattr(urllib3, "PoolManager", lambda: server)
        values = {"URL": URL, "SECRET": "label-studio/token", "IMAGES": images}
        for name, value in values.items():
            monkeypatch.setenv(f"LABEL_STUDIO_{name}", value)
        monkeypatch.setenv("JOB_NAME_PREFIX", "kempelen-dev-")
        monkeypatch.setenv("AWS_REGION", "eu-west-1")
        monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
        return make_labeler("label_studio", ("label_studio",), store), server, secrets, store

    return make


def test_the_secret_is_read_once_and_not_for_the_page(made: Any) -> None:
    labeler, server, secrets, store = made("s3", TOKEN)
    manifest = prepare(RUN, labeler.page(RUN.task), store)
    assert secrets.read == []
    name = labeler.start(RUN, manifest).name
    labeler.progress(name)
    assert secrets.read == ["label-studio/token"]
    assert server.tasks[1]["data"]["image"] == "s3://data-bucket/raw/faces/a.jpg"
    assert server.storages[0]["region_name"] == "eu-west-1"


def test_the_key_of_the_secret_signs_for_a_week(made: Any) -> None:
    secret = f'{{"token": "{TOKEN}", "access_key_id": "AKIAOWN", "secret_access_key": "hush"}}'
    labeler, server, _, store = made("presigned", secret)
    labeler.start(RUN, prepare(RUN, labeler.page(RUN.task), store))
    address = server.tasks[1]["data"]["image"]
    assert "/raw/faces/a.jpg?" in address
    assert "X-Amz-Credential=AKIAOWN%2F" in address
    assert "X-Amz-Expires=604800" in address or "X-Amz-Expires=604799" in address
    assert "X-Amz-Security-Token" not in address
    assert "hush" not in address


def test_a_secret_without_a_token_is_told_by_the_checks(made: Any) -> None:
    labeler, *_ = made("s3", "{}")
    assert [(check.name, check.ok) for check in labeler.checks(LabelingTask(**any_task()))] == [
        ("label studio", True),
        ("token", False),
    ]
    assert "label-studio/token holds no API token" in labeler.checks(LabelingTask(**any_task()))[1].detail
