"""A local cloud that keeps its state: what was there is there after a restart, and no answer is lost."""

from __future__ import annotations

from pathlib import Path

import boto3
import pytest

from localcloud.client.process import LocalCloud
from localcloud.client.scripted_workers import ScriptedWorker
from tests.localcloud import labeling
from tests.localcloud.labeling import LABELS, PASSWORD, WORKERS
from tests.localcloud.processing import Lab

SLEEP = "import time; time.sleep(120)"


def clients(cloud: LocalCloud):
    keys = {"aws_access_key_id": "local", "aws_secret_access_key": "local"}
    return lambda service: boto3.client(service, endpoint_url=cloud.endpoint, region_name="us-east-1", **keys)


def wait_for(sagemaker, name: str, status: str) -> None:
    labeling.wait_until(lambda: sagemaker.describe_labeling_job(LabelingJobName=name)["LabelingJobStatus"] == status)


@pytest.mark.parametrize("keep", [True, False])
def test_what_was_there_is_there_again_only_if_it_is_kept(tmp_path: Path, until, keep: bool) -> None:
    with LocalCloud(tmp_path, time_scale=0.2, keep=keep) as cloud:
        client = clients(cloud)
        workforce = labeling.make_workforce(client)
        s3, sagemaker = client("s3"), client("sagemaker")
        labeling.make_bucket(s3, "faces")
        uris = labeling.put_images(s3, "faces", ["a.jpg", "b.jpg"])
        sagemaker.create_labeling_job(
            **labeling.job_request(workforce, s3, "faces", "half", uris, NumberOfHumanWorkersPerDataObject=1)
        )
        wait_for(sagemaker, "half", "InProgress")
        worker = ScriptedWorker(cloud.portal, WORKERS[0], PASSWORD, {"a.jpg": LABELS[0], "b.jpg": LABELS[0]})
        worker.sign_in()
        worker.work("half")
        assert worker.counts.submitted == 1
        job = Lab(client, until).start(SLEEP)

    with LocalCloud(tmp_path, time_scale=0.2, keep=keep) as cloud:
        s3, sagemaker = clients(cloud)("s3"), clients(cloud)("sagemaker")
        if not keep:
            assert s3.list_buckets()["Buckets"] == []
            assert sagemaker.list_labeling_jobs()["LabelingJobSummaryList"] == []
            return
        half = sagemaker.describe_labeling_job(LabelingJobName="half")
        assert half["LabelingJobStatus"] == "Stopped"
        labeled = [row for row in labeling.read_manifest(s3, half) if "mouth-metadata" in row]
        assert [row["mouth-metadata"]["class-name"] for row in labeled] == [LABELS[0]]
        assert sagemaker.list_workteams()["Workteams"][0]["WorkteamName"]
        ended = sagemaker.describe_processing_job(ProcessingJobName=job)
        assert (ended["ProcessingJobStatus"], "restarted" in ended["FailureReason"]) == ("Failed", True)
