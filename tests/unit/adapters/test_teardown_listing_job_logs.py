"""Teardown's lists of log streams and their group against botocore itself: real paginators, stubbed answers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from domain.errors import AccessDenied, NotFound
from domain.teardown.plan import Kind
from domain.teardown.scope import JOB_LOG_GROUP
from tests.support.fakes.stubbed_cloud import Stubbed, stubbed

STREAMS = {"logGroupName": JOB_LOG_GROUP, "logStreamNamePrefix": "kempelen-dev-"}
ANY_STREAM = {"logGroupName": JOB_LOG_GROUP, "limit": 1}
GROUPS = {"logGroupNamePrefix": JOB_LOG_GROUP}
JOBS = "arn:aws-cn:sagemaker:cn-north-1:000000000000:processing-job"


@pytest.fixture
def aws() -> Iterator[Stubbed]:
    with stubbed() as made:
        yield made


def stream(name: str) -> dict[str, Any]:
    return {
        "logStreamName": name,
        "arn": f"arn:aws-cn:logs:cn-north-1:000000000000:log-group:{JOB_LOG_GROUP}:log-stream:{name}",
    }


def tagged(aws: Stubbed, job: str, stage: str) -> None:
    tags = [{"Key": "kempelen:stage", "Value": stage}]
    aws.expect("sagemaker", "list_tags", {"ResourceArn": f"{JOBS}/{job}"}, {"Tags": tags})


def test_streams_are_ours_by_their_jobs_prefix_and_tag_on_every_page_with_one_question_a_job(aws: Stubbed) -> None:
    first = [stream("kempelen-dev-2-theirs/algo-1-17"), stream("kempelen-dev-Mine/algo-1-17")]
    aws.expect("logs", "describe_log_streams", STREAMS, {"logStreams": first, "nextToken": "2"})
    tagged(aws, "kempelen-dev-2-theirs", "dev-2")
    tagged(aws, "kempelen-dev-mine", "dev")  # names in ARNs of jobs are of small letters
    second = [stream("kempelen-dev-Mine/algo-2-17"), stream("kempelen-dev-no-slash")]
    aws.expect("logs", "describe_log_streams", {**STREAMS, "nextToken": "2"}, {"logStreams": second})
    items = aws.look(Kind.LOG_STREAM)
    assert [item.name for item in items] == ["kempelen-dev-Mine/algo-1-17", "kempelen-dev-Mine/algo-2-17"]
    assert items[0].address == {"logGroupName": JOB_LOG_GROUP, "logStreamName": "kempelen-dev-Mine/algo-1-17"}


@pytest.mark.parametrize("code", ["ResourceNotFound", "ValidationException"])
def test_streams_of_a_job_whose_tags_cannot_be_found_are_not_ours(aws: Stubbed, code: str) -> None:
    """AWS says "validation" where it means "not found": https://github.com/aws/amazon-sagemaker-feedback/issues/108"""
    streams = [stream("kempelen-dev-gone/algo-1-17"), stream("kempelen-dev-gone/algo-2-17")]
    aws.expect("logs", "describe_log_streams", STREAMS, {"logStreams": streams})
    aws.refuse("sagemaker", "list_tags", code)
    assert aws.look(Kind.LOG_STREAM) == []


def test_streams_of_a_job_whose_tags_may_not_be_read_break_the_list_off(aws: Stubbed) -> None:
    aws.expect("logs", "describe_log_streams", STREAMS, {"logStreams": [stream("kempelen-dev-one/algo-1-17")]})
    aws.refuse("sagemaker", "list_tags", "AccessDeniedException")
    with pytest.raises(AccessDenied):
        aws.look(Kind.LOG_STREAM)


@pytest.mark.parametrize("kind", [Kind.LOG_STREAM, Kind.LOG_GROUP])
def test_job_logs_that_are_kept_are_not_looked_for(aws: Stubbed, kind: Kind) -> None:
    assert aws.look(kind, retain=True) == []


def test_a_group_that_was_never_made_is_not_found(aws: Stubbed) -> None:
    aws.refuse("logs", "describe_log_streams", "ResourceNotFoundException")
    with pytest.raises(NotFound):
        aws.look(Kind.LOG_STREAM)


def test_the_group_is_listed_while_it_is_empty_and_has_the_exact_name(aws: Stubbed) -> None:
    longer = {"logGroupName": f"{JOB_LOG_GROUP}-archive"}
    aws.expect("logs", "describe_log_groups", GROUPS, {"logGroups": [longer], "nextToken": "2"})
    own = {"logGroupName": JOB_LOG_GROUP, "metricFilterCount": 0, "deletionProtectionEnabled": False}
    aws.expect("logs", "describe_log_groups", {**GROUPS, "nextToken": "2"}, {"logGroups": [own]})
    aws.expect("logs", "describe_log_streams", ANY_STREAM, {"logStreams": [], "nextToken": "2"})
    aws.expect("logs", "describe_log_streams", {**ANY_STREAM, "nextToken": "2"}, {"logStreams": []})
    (group,) = aws.look(Kind.LOG_GROUP)
    assert group.address == {"logGroupName": JOB_LOG_GROUP}


def test_a_group_with_anybodys_stream_is_not_listed(aws: Stubbed) -> None:
    aws.expect("logs", "describe_log_groups", GROUPS, {"logGroups": [{"logGroupName": JOB_LOG_GROUP}]})
    aws.expect("logs", "describe_log_streams", ANY_STREAM, {"logStreams": [stream("theirs/algo-1-17")]})
    assert aws.look(Kind.LOG_GROUP) == []


@pytest.mark.parametrize(
    "configured",
    [{"retentionInDays": 30}, {"kmsKeyId": "arn:aws:kms:us-east-1:000000000000:key/1"}, {"metricFilterCount": 1}],
)
def test_a_group_that_somebody_configured_is_not_listed(aws: Stubbed, configured: dict[str, Any]) -> None:
    aws.expect("logs", "describe_log_groups", GROUPS, {"logGroups": [{"logGroupName": JOB_LOG_GROUP, **configured}]})
    assert aws.look(Kind.LOG_GROUP) == []
