"""Tasks and jobs that run out of time, on a local cloud where a minute is over in little more than a second."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest

from localcloud.client.process import LocalCloud
from localcloud.client.scripted_workers import ScriptedWorker
from tests.localcloud import labeling
from tests.localcloud.labeling import LABELS, PASSWORD, WORKERS, Workforce, read_manifest

FILES = ("one.jpg", "two.jpg", "three.jpg")
ANSWERS = dict.fromkeys(FILES, LABELS[0])


@pytest.fixture(scope="module")
def hasty_cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalCloud]:
    with LocalCloud(tmp_path_factory.mktemp("hasty-cloud"), time_scale=0.02) as running:
        yield running


@pytest.fixture(scope="module")
def hasty_client(hasty_cloud: LocalCloud) -> Callable[[str], Any]:
    keys = {"aws_access_key_id": "local", "aws_secret_access_key": "local", "region_name": "us-east-1"}
    return lambda service: boto3.client(service, endpoint_url=hasty_cloud.endpoint, **keys)


@pytest.fixture(scope="module")
def hasty_workforce(hasty_client: Callable[[str], Any]) -> Workforce:
    labeling.make_bucket(hasty_client("s3"), "hasty")
    return labeling.make_workforce(hasty_client)


def start(client: Callable[[str], Any], workforce: Workforce, name: str, **task: Any) -> None:
    uris = labeling.put_images(client("s3"), "hasty", FILES)
    task = {"NumberOfHumanWorkersPerDataObject": 1, **task}
    request = labeling.job_request(workforce, client("s3"), "hasty", name, uris, **task)
    client("sagemaker").create_labeling_job(**request)


def signed_in(cloud: LocalCloud, email: str) -> ScriptedWorker:
    worker = ScriptedWorker(cloud.portal, email, PASSWORD, ANSWERS, seconds_per_task=0)
    worker.sign_in()
    return worker


def test_a_job_that_nobody_answers_in_time_completes_with_nothing_labeled(hasty_client, hasty_workforce, until):
    start(hasty_client, hasty_workforce, "unanswered", TaskAvailabilityLifetimeInSeconds=60)
    describe = hasty_client("sagemaker").describe_labeling_job
    job = until(lambda: describe(LabelingJobName="unanswered"), lambda job: job["LabelingJobStatus"] == "Completed")
    assert job["LabelCounters"]["TotalLabeled"] == 0
    assert job["LabelCounters"]["Unlabeled"] == 3
    assert [set(row) for row in read_manifest(hasty_client("s3"), job)] == [{"source-ref"}] * 3


def test_answers_of_an_expired_job_count_even_where_some_are_missing(hasty_cloud, hasty_client, hasty_workforce, until):
    lifetime = {"TaskAvailabilityLifetimeInSeconds": 120, "NumberOfHumanWorkersPerDataObject": 3}
    start(hasty_client, hasty_workforce, "expired", **lifetime)
    worker = signed_in(hasty_cloud, WORKERS[0])
    until(lambda: worker.work("expired"), lambda status: status is None)
    describe = hasty_client("sagemaker").describe_labeling_job
    job = until(lambda: describe(LabelingJobName="expired"), lambda job: job["LabelingJobStatus"] == "Completed")
    labels = [row.get("mouth-metadata", {}).get("class-name") for row in read_manifest(hasty_client("s3"), job)]
    assert labels.count(LABELS[0]) == job["LabelCounters"]["HumanLabeled"] == 1


def test_a_task_that_is_not_submitted_in_time_goes_to_another_worker(hasty_cloud, hasty_client, hasty_workforce, until):
    start(hasty_client, hasty_workforce, "slow", TaskTimeLimitInSeconds=100)
    first, second = (signed_in(hasty_cloud, email) for email in WORKERS[:2])
    held = until(lambda: (first._post("/jobs/slow/next") or {}).get("task"), lambda task: task is not None)
    assert [second.work("slow"), second.work("slow")] == [None, None]
    assert second.work("slow") == "InProgress"

    again = until(lambda: second._post("/jobs/slow/next")["task"], lambda task: task is not None)
    assert again["input"] == held["input"]
    assert first._post(f"{held['path']}/submit", {"crowd-image-classifier": {"label": LABELS[0]}}) is None
