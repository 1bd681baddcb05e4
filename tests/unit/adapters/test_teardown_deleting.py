"""Teardown's deletions against botocore itself, and what error codes mean to it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from domain.errors import AccessDenied, AwsError, NotFound, RequestRefused, ResourceInUse, ServiceUnavailable
from domain.teardown.plan import Item, Kind
from domain.teardown.scope import JOB_LOG_GROUP
from tests.support.fakes.stubbed_cloud import Stubbed, stubbed

NOW = datetime(2026, 11, 22, tzinfo=UTC)
OURS = {"DomainId": "d-ours"}
INBOUND = "security-group-for-inbound-nfs-d-ours"
RULE = {"IpProtocol": "tcp", "FromPort": 2049, "ToPort": 2049, "UserIdGroupPairs": [{"GroupId": "sg-out"}]}


@pytest.fixture
def aws() -> Iterator[Stubbed]:
    with stubbed() as made:
        yield made


def test_rules_of_the_other_direction_are_revoked_although_the_first_are_gone(aws: Stubbed) -> None:
    address = {"GroupId": "sg-in", "Ingress": [RULE], "Egress": [RULE]}
    aws.refuse("ec2", "revoke_security_group_ingress", "InvalidPermission.NotFound")
    aws.expect("ec2", "revoke_security_group_egress", {"GroupId": "sg-in", "IpPermissions": [RULE]}, {"Return": True})
    with pytest.raises(NotFound):
        aws.cloud().delete(Item(Kind.SECURITY_GROUP_RULES, INBOUND, "", address))


DELETES: list[tuple[Kind, str, str, dict[str, Any], dict[str, Any]]] = [
    (Kind.SCHEDULE, "scheduler", "delete_schedule", {"Name": "tick", "GroupName": "kempelen-dev"}, {}),
    (Kind.LABELING_JOB, "sagemaker", "stop_labeling_job", {"LabelingJobName": "one"}, {}),
    (Kind.PROCESSING_JOB, "sagemaker", "stop_processing_job", {"ProcessingJobName": "one"}, {}),
    (
        Kind.APP,
        "sagemaker",
        "delete_app",
        {**OURS, "SpaceName": "lab", "AppType": "JupyterLab", "AppName": "default"},
        {},
    ),
    (Kind.SPACE, "sagemaker", "delete_space", {**OURS, "SpaceName": "lab"}, {}),
    (Kind.USER_PROFILE, "sagemaker", "delete_user_profile", {**OURS, "UserProfileName": "alice"}, {}),
    (Kind.ACCESS_POINT, "efs", "delete_access_point", {"AccessPointId": "fsap-00000001"}, {}),
    (Kind.MOUNT_TARGET, "efs", "delete_mount_target", {"MountTargetId": "fsmt-00000001"}, {}),
    (Kind.FILE_SYSTEM, "efs", "delete_file_system", {"FileSystemId": "fs-00000001"}, {}),
    (Kind.SECURITY_GROUP, "ec2", "delete_security_group", {"GroupId": "sg-in"}, {}),
    (
        Kind.LOG_STREAM,
        "logs",
        "delete_log_stream",
        {"logGroupName": JOB_LOG_GROUP, "logStreamName": "one/algo-1-1"},
        {},
    ),
]


@pytest.mark.parametrize(("kind", "service", "operation", "address", "answer"), DELETES)
def test_each_kind_is_deleted_by_its_address(
    aws: Stubbed, kind: Kind, service: str, operation: str, address: dict[str, Any], answer: dict[str, Any]
) -> None:
    aws.expect(service, operation, address, answer)
    aws.cloud().delete(Item(kind, "one", "", address))


LOOK_INTO_GROUP = {"logGroupName": JOB_LOG_GROUP, "limit": 1}
GROUP = Item(Kind.LOG_GROUP, JOB_LOG_GROUP, "", {"logGroupName": JOB_LOG_GROUP})


def test_the_log_group_is_looked_into_once_more_before_it_is_deleted(aws: Stubbed) -> None:
    aws.expect("logs", "describe_log_streams", LOOK_INTO_GROUP, {"logStreams": []})
    aws.expect("logs", "delete_log_group", {"logGroupName": JOB_LOG_GROUP}, {})
    aws.cloud().delete(GROUP)


def test_a_log_group_with_a_stream_is_in_use(aws: Stubbed) -> None:
    aws.expect("logs", "describe_log_streams", LOOK_INTO_GROUP, {"logStreams": [{"logStreamName": "theirs/algo-1-1"}]})
    with pytest.raises(ResourceInUse, match="has streams again"):
        aws.cloud().delete(GROUP)


def test_a_log_group_that_cannot_be_looked_into_is_not_deleted(aws: Stubbed) -> None:
    aws.refuse("logs", "describe_log_streams", "AccessDeniedException")
    with pytest.raises(AccessDenied):
        aws.cloud().delete(GROUP)


def test_an_execution_is_stopped_with_a_cause(aws: Stubbed) -> None:
    arn = "arn:aws:states:us-east-1:000000000000:execution:label:one"
    request = {"executionArn": arn, "error": "TornDown", "cause": "Kempelen's teardown stopped this execution."}
    aws.expect("stepfunctions", "stop_execution", request, {"stopDate": NOW})
    aws.cloud().delete(Item(Kind.EXECUTION, "label/one", "RUNNING", {"executionArn": arn}))


@pytest.mark.parametrize(("retain", "becomes"), [(False, "Delete"), (True, "Retain")])
def test_the_domain_is_deleted_with_its_home_file_system_unless_that_is_kept(
    aws: Stubbed, retain: bool, becomes: str
) -> None:
    request = {**OURS, "RetentionPolicy": {"HomeEfsFileSystem": becomes}}
    aws.expect("sagemaker", "delete_domain", request, {})
    aws.cloud(retain=retain).delete(Item(Kind.DOMAIN, "d-ours", "InService", {**OURS, "HomeEfsFileSystemId": "fs-1"}))


def test_an_app_that_has_already_been_deleted_is_gone(aws: Stubbed) -> None:
    message = "App [arn:aws:sagemaker:us-east-1:000000000000:app/d/alice/canvas/default] has already been deleted"
    aws.stubs["sagemaker"].add_client_error("delete_app", "ValidationException", message, 400)
    with pytest.raises(NotFound, match="has already been deleted"):
        aws.cloud().delete(Item(Kind.APP, "one", "", {**OURS, "AppType": "Canvas", "AppName": "default"}))


@pytest.mark.parametrize(
    ("code", "status", "expected"),
    [
        ("ResourceNotFound", 400, NotFound),
        ("InvalidGroup.NotFound", 400, NotFound),
        ("MountTargetNotFound", 404, NotFound),
        ("ResourceInUse", 400, ResourceInUse),
        ("DependencyViolation", 400, ResourceInUse),
        ("FileSystemInUse", 409, ResourceInUse),
        ("OperationAbortedException", 400, ResourceInUse),
        ("AccessDeniedException", 400, AccessDenied),
        ("UnauthorizedOperation", 403, AccessDenied),
        ("ThrottlingException", 400, ServiceUnavailable),
        ("RequestLimitExceeded", 503, ServiceUnavailable),
        ("DependencyTimeout", 504, ServiceUnavailable),
        ("SomethingNew", 500, ServiceUnavailable),
        ("ValidationException", 400, RequestRefused),
    ],
)
def test_error_codes_mean_what_teardown_has_to_do(
    aws: Stubbed, code: str, status: int, expected: type[AwsError]
) -> None:
    aws.refuse("ec2", "delete_security_group", code, status)
    with pytest.raises(expected, match=f"delete_security_group: {code}: injected") as caught:
        aws.cloud().delete(Item(Kind.SECURITY_GROUP, INBOUND, "", {"GroupId": "sg-in"}))
    assert type(caught.value) is expected
