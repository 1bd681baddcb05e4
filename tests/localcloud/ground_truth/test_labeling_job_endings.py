"""Every way in which a labeling job ends, and what it keeps."""

from __future__ import annotations

import json

import pytest
from botocore.exceptions import ClientError

from localcloud.client.scripted_workers import run_workers
from tests.localcloud.ground_truth.jobs import ANSWERS, FILES, described, workers
from tests.localcloud.labeling import LABELS, read_manifest


def test_a_stopped_job_keeps_what_was_answered_and_writes_the_rest_as_it_came(cloud, client, start, until):
    name = start()
    worker = workers(cloud)[0]
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
    worker = workers(cloud)[0]
    worker.sign_in()
    assert [worker.work(name) for _ in range(2)] == [None, None]
    job = until(lambda: described(client, name), lambda job: job["LabelingJobStatus"] == "Stopped")
    assert job["LabelCounters"]["TotalLabeled"] == 2


def test_a_chained_job_asks_only_for_what_has_no_label_yet(cloud, client, start, bucket):
    label = {"mouth": 1, "mouth-metadata": {"class-name": LABELS[1], "human-annotated": "yes"}}
    rows = [{"source-ref": f"s3://{bucket}/raw/{file}"} for file in FILES]
    rows[:4] = [{**row, **label} for row in rows[:4]]
    name = start(rows=rows)
    counts = run_workers(workers(cloud), name)
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


def test_an_ended_job_cannot_be_stopped(client, start, until):
    name = start()
    client("sagemaker").stop_labeling_job(LabelingJobName=name)
    until(lambda: described(client, name)["LabelingJobStatus"], lambda status: status == "Stopped")
    with pytest.raises(ClientError, match="is Stopped and cannot stop"):
        client("sagemaker").stop_labeling_job(LabelingJobName=name)


def test_a_job_that_fails_in_the_middle_keeps_what_was_answered(cloud, client, start, until):
    cloud.plan_outcomes([{"operation": "CreateLabelingJob", "reason": "internal", "delay": 30}])
    name = start(NumberOfHumanWorkersPerDataObject=1)
    worker = workers(cloud)[0]
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
