"""What CreateLabelingJob refuses, what makes a job fail at its start, and how jobs are listed."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.localcloud import labeling
from tests.localcloud.labeling import Workforce


@pytest.fixture
def sagemaker(client: Callable[[str], Any]) -> Any:
    return client("sagemaker")


@pytest.fixture
def request_for(client: Callable[[str], Any], workforce: Workforce, bucket: str) -> Callable[..., dict[str, Any]]:
    """A good request under this name; options go to `labeling.job_request`."""
    uris = labeling.put_images(client("s3"), bucket, ["one.jpg", "two.jpg"])
    return lambda name, **options: labeling.job_request(workforce, client("s3"), bucket, name, uris, **options)


def failure(sagemaker: Any, until: Any, name: str) -> str:
    describe = sagemaker.describe_labeling_job
    job = until(lambda: describe(LabelingJobName=name), lambda job: job["LabelingJobStatus"] != "Initializing")
    assert job["LabelingJobStatus"] == "Failed", job
    return str(job["FailureReason"])


def refusal(sagemaker: Any, request: dict[str, Any]) -> tuple[str, str]:
    with pytest.raises(ClientError) as refused:
        sagemaker.create_labeling_job(**request)
    error = refused.value.response["Error"]
    return error["Code"], error["Message"]


def test_names_differ_by_more_than_case_and_are_used_up(sagemaker, request_for, unique):
    name = unique("Name")
    sagemaker.create_labeling_job(**request_for(name))
    code, message = refusal(sagemaker, request_for(name.upper()))
    assert code == "ResourceInUse"
    assert f"labeling-job/{name.lower()}" in message
    assert sagemaker.describe_labeling_job(LabelingJobName=name.upper())["LabelingJobName"] == name


def test_there_is_no_way_to_delete_a_labeling_job(sagemaker):
    assert not hasattr(sagemaker, "delete_labeling_job")


def test_a_job_that_does_not_exist_is_not_found(sagemaker):
    with pytest.raises(ClientError, match="Could not find the labeling job absent") as refused:
        sagemaker.describe_labeling_job(LabelingJobName="absent")
    assert refused.value.response["Error"]["Code"] == "ResourceNotFound"


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"RoleArn": "arn:aws:iam::000000000000:role/absent"}, "Could not assume role"),
        ({"OutputConfig": {"S3OutputPath": "s3://absent-bucket-8/out"}}, "The S3 bucket absent-bucket-8"),
        ({"LabelCategoryConfigS3Uri": "s3://absent-bucket-8/labels.json"}, "The S3 bucket absent-bucket-8"),
        (
            {"InputConfig": {"DataSource": {"S3DataSource": {"ManifestS3Uri": "s3://absent-bucket-8/in.manifest"}}}},
            "The S3 bucket absent-bucket-8",
        ),
    ],
)
def test_a_role_or_a_bucket_that_is_not_there_is_refused_at_once(sagemaker, request_for, unique, change, complaint):
    code, message = refusal(sagemaker, {**request_for(unique("job")), **change})
    assert code == "ValidationException"
    assert complaint in message


@pytest.mark.parametrize("attribute", ["mouth-metadata", "mouth-ref", "source", "source-ref"])
def test_an_attribute_name_that_ground_truth_keeps_for_itself_is_refused(sagemaker, request_for, unique, attribute):
    code, message = refusal(sagemaker, {**request_for(unique("job")), "LabelAttributeName": attribute})
    assert code == "ValidationException"
    assert f"LabelAttributeName {attribute}" in message


@pytest.mark.parametrize(
    ("task", "complaint"),
    [
        ({"TaskTimeLimitInSeconds": 28_801}, "TaskTimeLimitInSeconds is 28801; at most 28800"),
        ({"TaskAvailabilityLifetimeInSeconds": 2_592_001}, "TaskAvailabilityLifetimeInSeconds is 2592001"),
        ({"MaxConcurrentTaskCount": 1_001}, "MaxConcurrentTaskCount is 1001; at most 1000"),
        ({"NumberOfHumanWorkersPerDataObject": 10}, "less than or equal to 9"),
        ({"TaskTitle": "x" * 129}, "less than or equal to 128"),
        ({"TaskKeywords": list("abcdef")}, "less than or equal to 5"),
        ({"UiConfig": {}}, "needs UiTemplateS3Uri"),
        ({"PreHumanTaskLambdaArn": "arn:aws:lambda:us-east-1:123456789012:function:PRE-ImageMultiClass"}, "no pair of"),
        ({"WorkteamArn": "arn:aws:sagemaker:us-east-1:000000000000:workteam/private-crowd/absent"}, "does not exist"),
        ({"WorkteamArn": "arn:aws:sagemaker:us-east-1:394669845002:workteam/public-crowd/default"}, "is closed since"),
    ],
)
def test_a_task_beyond_the_limits_is_refused(sagemaker, request_for, unique, task, complaint):
    request = request_for(unique("job"))
    request["HumanTaskConfig"].update(task)
    code, message = refusal(sagemaker, request)
    assert code == "ValidationException"
    assert complaint in message


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        ({"rows": []}, "The manifest .* is empty"),
        ({"rows": [{"image": "s3://b/k"}]}, "line 1: an object needs exactly one of source-ref and source"),
        ({"labels": ["only one"]}, "ImageMultiClass takes at least 2 different labels"),
        ({"template": "{% if %}"}, "is not valid Liquid"),
        ({"template": "{{ task.input.taskObject | unknown_filter }}"}, "is not valid Liquid"),
        ({"rows": [{"source-ref": "s3://absent-bucket-7/a.jpg"}]}, "absent-bucket-7 of the manifest cannot be used"),
    ],
)
def test_inputs_that_cannot_be_used_fail_the_job(sagemaker, request_for, unique, until, options, complaint):
    name = unique("job")
    sagemaker.create_labeling_job(**request_for(name, **options))
    assert re.match(f"ClientError: .*{complaint}", failure(sagemaker, until, name))


def test_a_file_that_is_missing_fails_the_job(sagemaker, request_for, unique, until, client, bucket):
    name = unique("job")
    request = request_for(name)
    client("s3").delete_object(Bucket=bucket, Key=f"labeling/{name}/categories.json")
    sagemaker.create_labeling_job(**request)
    assert f"Cannot read the label category file s3://{bucket}/labeling/{name}" in failure(sagemaker, until, name)


def test_images_that_browsers_may_not_read_fail_the_job(sagemaker, request_for, unique, until, client):
    closed = labeling.make_bucket(client("s3"), unique("closed"), cors=False)
    name = unique("job")
    sagemaker.create_labeling_job(**request_for(name, rows=[{"source-ref": f"s3://{closed}/a.jpg"}]))
    assert f"The bucket {closed} has no CORS rule" in failure(sagemaker, until, name)
    client("s3").delete_bucket(Bucket=closed)


def test_a_job_can_be_stopped_before_it_has_started(sagemaker, request_for, unique, until):
    name = unique("job")
    sagemaker.create_labeling_job(**request_for(name))
    sagemaker.stop_labeling_job(LabelingJobName=name)
    describe = sagemaker.describe_labeling_job
    job = until(lambda: describe(LabelingJobName=name), lambda job: job["LabelingJobStatus"] == "Stopped")
    assert "LabelingJobOutput" not in job


def test_a_description_has_what_was_asked_for(sagemaker, request_for, unique):
    name = unique("job")
    request = {**request_for(name), "Tags": [{"Key": "project", "Value": "kempelen"}]}
    arn = sagemaker.create_labeling_job(**request)["LabelingJobArn"]
    job = sagemaker.describe_labeling_job(LabelingJobName=name)
    assert {member: job[member] for member in request} == request
    assert job["LabelingJobArn"] == arn
    assert job["JobReferenceCode"]
    assert job["LabelingJobStatus"] == "Initializing"


def test_jobs_are_listed_by_name_part_and_status(sagemaker, request_for, unique, until):
    stem = unique("listed")
    for letter in "bca":
        sagemaker.create_labeling_job(**request_for(f"{stem}-{letter}"))
    pages = sagemaker.get_paginator("list_labeling_jobs").paginate(
        NameContains=stem.upper(), SortBy="Name", SortOrder="Descending", PaginationConfig={"PageSize": 2}
    )
    listed = [job["LabelingJobName"] for page in pages for job in page["LabelingJobSummaryList"]]
    assert listed == [f"{stem}-{letter}" for letter in "cba"]

    sagemaker.stop_labeling_job(LabelingJobName=f"{stem}-b")
    stopped = until(
        lambda: sagemaker.list_labeling_jobs(NameContains=stem, StatusEquals="Stopped")["LabelingJobSummaryList"],
        lambda found: found,
    )
    assert [job["LabelingJobName"] for job in stopped] == [f"{stem}-b"]
    assert stopped[0]["PreHumanTaskLambdaArn"].endswith(":PRE-ImageMultiClass")


def test_jobs_are_listed_by_time(sagemaker, request_for, unique):
    name = unique("timed")
    sagemaker.create_labeling_job(**request_for(name))
    created = sagemaker.describe_labeling_job(LabelingJobName=name)["CreationTime"]
    listed = lambda **bound: sagemaker.list_labeling_jobs(NameContains=name, **bound)["LabelingJobSummaryList"]  # noqa: E731
    assert listed(CreationTimeAfter=created.timestamp() - 10)
    assert not listed(CreationTimeAfter=created.timestamp() + 10)
    assert listed(CreationTimeBefore=created.timestamp() + 10)
    assert not listed(LastModifiedTimeBefore=created.timestamp() - 10)


def test_a_teams_jobs_are_listed_with_their_reference_codes(sagemaker, request_for, unique, until, workforce):
    name = unique("job")
    sagemaker.create_labeling_job(**request_for(name))
    describe = sagemaker.describe_labeling_job
    job = until(lambda: describe(LabelingJobName=name), lambda job: job["LabelingJobStatus"] == "InProgress")
    (found,) = sagemaker.list_labeling_jobs_for_workteam(
        WorkteamArn=workforce.workteam_arn, JobReferenceCodeContains=job["JobReferenceCode"]
    )["LabelingJobSummaryList"]
    assert found["LabelingJobName"] == name
    assert found["NumberOfHumanWorkersPerDataObject"] == 3
    assert found["LabelCounters"] == {"HumanLabeled": 0, "PendingHuman": 2, "Total": 2}


def test_a_team_with_a_running_job_is_not_deleted(sagemaker, request_for, unique):
    name = unique("job")
    sagemaker.create_labeling_job(**request_for(name))
    assert sagemaker.delete_workteam(WorkteamName="my-team")["Success"] is False
    assert sagemaker.describe_workteam(WorkteamName="my-team")
