"""What a completed labeling job leaves in S3."""

from __future__ import annotations

import json
import re

from localcloud.client.scripted_workers import ScriptedWorker, run_workers
from tests.localcloud.ground_truth.jobs import ANSWERS, FILES, described, keys, read, workers
from tests.localcloud.labeling import LABELS, PASSWORD, WORKERS, read_manifest


def test_a_job_with_three_agreeing_workers_completes_with_every_object_labeled(cloud, client, start, bucket):
    name = start()
    counts = run_workers(workers(cloud), name)
    job = described(client, name)

    assert job["LabelingJobStatus"] == "Completed"
    assert job["LabelCounters"] == {
        "TotalLabeled": 6,
        "HumanLabeled": 6,
        "MachineLabeled": 0,
        "FailedNonRetryableError": 0,
        "Unlabeled": 0,
    }
    uri = f"s3://{bucket}/labeling/{name}/output/{name}/manifests/output/output.manifest"
    assert job["LabelingJobOutput"] == {"OutputDatasetS3Uri": uri}
    rows = [json.loads(line) for line in read(client, uri).splitlines()]
    assert [row["source-ref"] for row in rows] == [f"s3://{bucket}/raw/{file}" for file in FILES]
    for row, file in zip(rows, FILES, strict=True):
        metadata = row["mouth-metadata"]
        assert row["mouth"] == LABELS.index(ANSWERS[file])
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}", metadata.pop("creation-date"))
        assert metadata == {
            "class-name": ANSWERS[file],
            "confidence": 0.99,
            "human-annotated": "yes",
            "job-name": f"labeling-job/{name}",
            "type": "groundtruth/image-classification",
        }
    assert sum(count.submitted for count in counts.values()) == 18


def test_worker_responses_and_consolidation_files_lie_where_ground_truth_puts_them(cloud, client, start, bucket):
    name = start()
    run_workers(workers(cloud), name)
    prefix = f"labeling/{name}/output/{name}/"
    found = keys(client, bucket, prefix)

    stamp = r"\d{4}-\d\d-\d\d_\d\d:\d\d:\d\d\.json"
    for index in range(len(FILES)):
        response = [
            key for key in found if re.fullmatch(rf"annotations/worker-response/iteration-1/{index}/{stamp}", key)
        ]
        assert len(response) == 1
    for kind in ("request", "response"):
        pattern = rf"annotations/consolidated-annotation/consolidation-{kind}/iteration-1/{stamp}"
        assert any(re.fullmatch(pattern, key) for key in found)
    assert "annotations/intermediate/1/annotations.manifest" in found


def test_a_worker_response_holds_every_answer_with_who_gave_it_and_how_long_it_took(
    cloud, client, start, bucket, workforce
):
    name = start()
    run_workers(workers(cloud), name)
    prefix = f"labeling/{name}/output/{name}/"
    key = next(key for key in keys(client, bucket, prefix) if "/worker-response/iteration-1/1/" in f"/{key}")
    answers = json.loads(read(client, f"s3://{bucket}/{prefix}{key}"))["answers"]

    assert len({answer["workerId"] for answer in answers}) == 3
    for answer in answers:
        assert answer["answerContent"] == {"crowd-image-classifier": {"label": "mouth not open"}}
        assert answer["timeSpentInSeconds"] > 0
        assert answer["acceptanceTime"] < answer["submissionTime"]
        assert re.fullmatch(r"private\.us-east-1\.[0-9a-f]{16}", answer["workerId"])
        identity = answer["workerMetadata"]["identityData"]
        assert identity["identityProviderType"] == "Cognito"
        assert identity["issuer"] == f"https://cognito-idp.us-east-1.amazonaws.com/{workforce.user_pool}"
        assert re.fullmatch(r"[0-9a-f-]{36}", identity["sub"])


def test_one_erring_worker_is_outvoted_and_lowers_the_confidence(cloud, client, start):
    name = start()
    team = workers(cloud)
    team[2] = ScriptedWorker(cloud.portal, WORKERS[2], PASSWORD, ANSWERS, error_rate=1.0, seconds_per_task=0.001)
    counts = run_workers(team, name)
    rows = read_manifest(client("s3"), described(client, name))

    assert counts[WORKERS[2]].mistakes == 6
    assert [row["mouth-metadata"]["class-name"] for row in rows] == [ANSWERS[file] for file in FILES]
    assert {row["mouth-metadata"]["confidence"] for row in rows} == {0.85}


def test_one_worker_per_object_gives_confidence_zero(cloud, client, start):
    name = start(NumberOfHumanWorkersPerDataObject=1)
    run_workers(workers(cloud), name)
    rows = read_manifest(client("s3"), described(client, name))
    assert [row["mouth-metadata"]["confidence"] for row in rows] == [0.0] * 6
