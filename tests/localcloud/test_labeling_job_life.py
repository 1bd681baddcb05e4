"""A labeling job from creation to the files that it leaves, with annotators who work through the portal."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from localcloud.annotators import Annotator, run_annotators
from localcloud.process import LocalCloud
from tests.localcloud import labeling
from tests.localcloud.labeling import LABELS, PASSWORD, WORKERS, Workforce, read_manifest

FILES = ("a b.jpg", "quo\"te's.jpg", "Zoë.JPG", "plain-1.jpg", "plain-2.jpg", "plain-3.jpg")
ANSWERS = {name: LABELS[index % 2] for index, name in enumerate(FILES)}


@pytest.fixture(scope="module")
def workforce(client: Callable[[str], Any]) -> Iterator[Workforce]:
    with labeling.workforce_for_a_while(client) as made:
        yield made


@pytest.fixture(scope="module")
def bucket(client: Callable[[str], Any], workforce: Workforce) -> Iterator[str]:
    yield labeling.make_bucket(client("s3"), "labeling-life")
    labeling.remove_bucket(client("s3"), "labeling-life")


@pytest.fixture
def start(
    client: Callable[[str], Any], workforce: Workforce, bucket: str, unique: Callable[[str], str], until: Any
) -> Callable[..., str]:
    """Create a job over FILES (or other rows) and wait until it is in progress, or ended; its name."""

    def create(wait: bool = True, **task: Any) -> str:
        name = unique("job")
        uris = labeling.put_images(client("s3"), bucket, FILES)
        conditions = task.pop("StoppingConditions", None)
        request = labeling.job_request(workforce, client("s3"), bucket, name, uris, **task)
        if conditions:
            request["StoppingConditions"] = conditions
        client("sagemaker").create_labeling_job(**request)
        if wait:
            until(lambda: described(client, name)["LabelingJobStatus"], lambda status: status != "Initializing")
        return name

    return create


def described(client: Callable[[str], Any], name: str) -> dict[str, Any]:
    return dict(client("sagemaker").describe_labeling_job(LabelingJobName=name))


def annotators(cloud: LocalCloud, **options: Any) -> list[Annotator]:
    return [
        Annotator(cloud.portal, email, PASSWORD, ANSWERS, seconds_per_task=0.001, seed=index, **options)
        for index, email in enumerate(WORKERS)
    ]


def read(client: Callable[[str], Any], uri: str) -> str:
    bucket, _, key = uri.removeprefix("s3://").partition("/")
    return str(client("s3").get_object(Bucket=bucket, Key=key)["Body"].read().decode())


def keys(client: Callable[[str], Any], bucket: str, prefix: str) -> list[str]:
    found = client("s3").list_objects_v2(Bucket=bucket, Prefix=prefix)
    return [item["Key"].removeprefix(prefix) for item in found.get("Contents", [])]


def test_a_job_with_three_agreeing_workers_completes_with_every_object_labeled(cloud, client, start, bucket):
    name = start()
    counts = run_annotators(annotators(cloud), name)
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
    run_annotators(annotators(cloud), name)
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
    run_annotators(annotators(cloud), name)
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
    team = annotators(cloud)
    team[2] = Annotator(cloud.portal, WORKERS[2], PASSWORD, ANSWERS, error_rate=1.0, seconds_per_task=0.001)
    counts = run_annotators(team, name)
    rows = read_manifest(client("s3"), described(client, name))

    assert counts[WORKERS[2]].mistakes == 6
    assert [row["mouth-metadata"]["class-name"] for row in rows] == [ANSWERS[file] for file in FILES]
    assert {row["mouth-metadata"]["confidence"] for row in rows} == {0.85}


def test_one_worker_per_object_gives_confidence_zero(cloud, client, start):
    name = start(NumberOfHumanWorkersPerDataObject=1)
    run_annotators(annotators(cloud), name)
    rows = read_manifest(client("s3"), described(client, name))
    assert [row["mouth-metadata"]["confidence"] for row in rows] == [0.0] * 6


def test_a_stopped_job_keeps_what_was_answered_and_writes_the_rest_as_it_came(cloud, client, start, until):
    name = start()
    worker = annotators(cloud)[0]
    worker.sign_in()
    assert [worker.work(name) for _ in range(2)] == [None, None]
    client("sagemaker").stop_labeling_job(LabelingJobName=name)
    job = until(lambda: described(client, name), lambda job: job["LabelingJobStatus"] == "Stopped")

    rows = read_manifest(client("s3"), job)
    assert [set(row) for row in rows] == [{"source-ref", "mouth", "mouth-metadata"}] * 2 + [{"source-ref"}] * 4
    assert job["LabelCounters"]["TotalLabeled"] == 2
    assert job["LabelCounters"]["Unlabeled"] == 4
    assert worker.work(name) == "Stopped"


def test_a_stopping_condition_ends_the_job_early(cloud, client, start, until):
    name = start(NumberOfHumanWorkersPerDataObject=1, StoppingConditions={"MaxHumanLabeledObjectCount": 2})
    worker = annotators(cloud)[0]
    worker.sign_in()
    assert [worker.work(name) for _ in range(2)] == [None, None]
    job = until(lambda: described(client, name), lambda job: job["LabelingJobStatus"] == "Stopped")
    assert job["LabelCounters"]["TotalLabeled"] == 2


def test_a_chained_job_asks_only_for_what_has_no_label_yet(cloud, client, start, bucket):
    label = {"mouth": 1, "mouth-metadata": {"class-name": LABELS[1], "human-annotated": "yes"}}
    rows = [{"source-ref": f"s3://{bucket}/raw/{file}"} for file in FILES]
    rows[:4] = [{**row, **label} for row in rows[:4]]
    name = start(rows=rows)
    counts = run_annotators(annotators(cloud), name)
    assert sum(count.submitted for count in counts.values()) == 6

    job = described(client, name)
    output = read_manifest(client("s3"), job)
    assert output[:4] == rows[:4]
    assert [row["mouth-metadata"]["class-name"] for row in output[4:]] == [ANSWERS[file] for file in FILES[4:]]


def test_the_end_of_a_job_is_an_event_on_the_default_bus(cloud, client, start, unique, until):
    queue = client("sqs").create_queue(QueueName=unique("events"))["QueueUrl"]
    queue_arn = client("sqs").get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"][
        "QueueArn"
    ]
    rule = unique("rule")
    pattern = {"source": ["aws.sagemaker"], "detail-type": ["SageMaker Ground Truth Labeling Job State Change"]}
    client("events").put_rule(Name=rule, EventPattern=json.dumps(pattern))
    client("events").put_targets(Rule=rule, Targets=[{"Id": "queue", "Arn": queue_arn}])
    name = start()
    client("sagemaker").stop_labeling_job(LabelingJobName=name)

    received = until(
        lambda: client("sqs").receive_message(QueueUrl=queue, WaitTimeSeconds=1).get("Messages", []),
        lambda found: found,
    )
    event = json.loads(received[0]["Body"])
    assert event["detail"] == {"LabelingJobStatus": "Stopped"}
    assert event["resources"] == [f"arn:aws:sagemaker:us-east-1:000000000000:labeling-job/{name}"]
    client("events").remove_targets(Rule=rule, Ids=["queue"])
    client("events").delete_rule(Name=rule)
    client("sqs").delete_queue(QueueUrl=queue)


def test_an_answer_that_the_form_cannot_give_is_refused(cloud, start):
    name = start()
    worker = annotators(cloud)[0]
    worker.sign_in()
    task = worker._post(f"/jobs/{name}/next")["task"]
    for answer in ({}, {"crowd-image-classifier": {"label": "maybe"}}, {"other": {"label": LABELS[0]}}):
        refused = worker._http.post(f"/tasks/{task['id']}/submit", json=answer)
        assert refused.status_code == 400
        assert "crowd-image-classifier" in refused.json()["error"]
    assert worker._post(f"/jobs/{name}/next")["task"]["id"] == task["id"]


def test_annotators_work_on_whatever_comes_until_they_are_told_to_stop(cloud, client, start, until):
    stop = threading.Event()
    counts: dict[str, Any] = {}
    thread = threading.Thread(target=lambda: counts.update(run_annotators(annotators(cloud), until=stop)))
    thread.start()
    try:
        names = [start(), start()]
        for name in names:
            until(lambda name=name: described(client, name)["LabelingJobStatus"], lambda status: status == "Completed")
    finally:
        stop.set()
        thread.join()
    assert all(count.jobs >= set(names) for count in counts.values())


def test_an_annotator_without_an_answer_says_which_object_it_does_not_know(cloud, client, start):
    name = start()
    lost = Annotator(cloud.portal, WORKERS[0], PASSWORD, {}, seconds_per_task=0)
    with pytest.raises(
        Exception, match=r"ada@example.com does not know the answer for s3://labeling-life/raw/a b\.jpg"
    ):
        run_annotators([lost], name)
    client("sagemaker").stop_labeling_job(LabelingJobName=name)


def test_an_ended_job_cannot_be_stopped(client, start, until):
    name = start()
    client("sagemaker").stop_labeling_job(LabelingJobName=name)
    until(lambda: described(client, name)["LabelingJobStatus"], lambda status: status == "Stopped")
    with pytest.raises(ClientError, match="is Stopped and cannot stop"):
        client("sagemaker").stop_labeling_job(LabelingJobName=name)


def test_a_job_that_fails_in_the_middle_keeps_what_was_answered(cloud, client, start, until):
    cloud.plan_outcomes([{"operation": "CreateLabelingJob", "reason": "internal", "delay": 30}])
    name = start(NumberOfHumanWorkersPerDataObject=1)
    worker = annotators(cloud)[0]
    worker.sign_in()
    assert [worker.work(name) for _ in range(3)] == [None] * 3
    job = until(lambda: described(client, name), lambda job: job["LabelingJobStatus"] == "Failed")
    assert job["FailureReason"].startswith("InternalServerError: ")
    assert [set(row) for row in read_manifest(client("s3"), job)][2:4] == [
        {"source-ref", "mouth", "mouth-metadata"},
        {"source-ref"},
    ]


def test_a_job_that_is_planned_to_fail_never_opens(cloud, client, start):
    cloud.plan_outcomes([{"operation": "CreateLabelingJob", "reason": "ClientError: no such luck"}])
    job = described(client, start())
    assert (job["LabelingJobStatus"], job["FailureReason"]) == ("Failed", "ClientError: no such luck")
    assert "LabelingJobOutput" not in job
