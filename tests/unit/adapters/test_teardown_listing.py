"""Teardown's lists against botocore itself: real clients, real paginators, stubbed answers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from domain.errors import AccessDenied, NotFound
from domain.teardown.plan import STUDIO, Kind
from domain.teardown.scope import EFS_OWNER_TAG, NO_DOMAIN
from tests.support.fakes.stubbed_cloud import MACHINES, Stubbed, stubbed

NOW = datetime(2026, 11, 22, tzinfo=UTC)
ARN = "arn:aws:sagemaker:us-east-1:000000000000"
OURS = {"DomainId": "d-ours"}


@pytest.fixture
def aws() -> Iterator[Stubbed]:
    with stubbed() as made:
        yield made


def app(**of: str) -> dict[str, Any]:
    return {"DomainId": "d-ours", "AppType": "JupyterLab", "AppName": "default", "Status": "InService", **of}


def test_apps_are_listed_to_the_last_page_and_an_app_of_a_space_has_no_profile(aws: Stubbed) -> None:
    request = {"DomainIdEquals": "d-ours"}
    aws.expect("sagemaker", "list_apps", request, {"Apps": [app(SpaceName="lab")], "NextToken": "2"})
    canvas = app(UserProfileName="alice", AppType="Canvas")
    foreign = app(UserProfileName="alice", DomainId="d-twin")
    aws.expect("sagemaker", "list_apps", {**request, "NextToken": "2"}, {"Apps": [canvas, foreign]})
    of_space, of_profile = aws.look(Kind.APP)
    assert of_space.name == "JupyterLab/default of space lab"
    assert of_space.address == {**OURS, "SpaceName": "lab", "AppType": "JupyterLab", "AppName": "default"}
    assert of_space.lives_in == {"domain d-ours", "space lab"}
    assert of_profile.name == "Canvas/default of user profile alice"
    assert of_profile.lives_in == {"domain d-ours", "user profile alice"}


def test_a_private_space_lives_in_its_owners_profile_and_a_failed_one_says_why(aws: Stubbed) -> None:
    spaces = [
        {**OURS, "SpaceName": "lab", "Status": "InService", "OwnershipSettingsSummary": {"OwnerUserProfileName": "al"}},
        {**OURS, "SpaceName": "shared", "Status": "Delete_Failed"},
    ]
    aws.expect("sagemaker", "list_spaces", {"DomainIdEquals": "d-ours"}, {"Spaces": spaces})
    aws.expect("sagemaker", "describe_space", {**OURS, "SpaceName": "shared"}, {"FailureReason": "in use"})
    private, shared = aws.look(Kind.SPACE)
    assert private.lives_in == {"domain d-ours", "user profile al"}
    assert shared.lives_in is None
    assert shared.failure == "in use"


def test_a_failed_profile_that_vanishes_before_it_is_described_has_no_reason(aws: Stubbed) -> None:
    profiles = [{**OURS, "UserProfileName": "al", "Status": "Failed"}]
    aws.expect("sagemaker", "list_user_profiles", {"DomainIdEquals": "d-ours"}, {"UserProfiles": profiles})
    aws.refuse("sagemaker", "describe_user_profile", "ResourceNotFound")
    assert [item.failure for item in aws.look(Kind.USER_PROFILE)] == [""]


def test_the_domain_names_its_home_file_system(aws: Stubbed) -> None:
    answer = {**OURS, "Status": "InService", "HomeEfsFileSystemId": "fs-1"}
    aws.expect("sagemaker", "describe_domain", OURS, answer)
    assert aws.look(Kind.DOMAIN)[0].address == {**OURS, "HomeEfsFileSystemId": "fs-1"}


@pytest.mark.parametrize("kind", sorted(STUDIO, key=lambda kind: kind.value))
def test_without_a_domain_of_its_own_a_stage_has_nothing_of_studio_and_nobody_is_asked(
    kind: Kind, aws: Stubbed
) -> None:
    assert aws.look(kind, "fs-1", domain_id=NO_DOMAIN) == []  # any request would fail: none is scripted


def test_a_domain_that_is_gone_is_not_found(aws: Stubbed) -> None:
    aws.refuse("sagemaker", "describe_domain", "ResourceNotFound")
    with pytest.raises(NotFound):
        aws.look(Kind.DOMAIN)


@pytest.mark.parametrize(
    ("kind", "operation", "list_member", "word", "path", "statuses"),
    [
        (
            Kind.LABELING_JOB,
            "list_labeling_jobs",
            "LabelingJobSummaryList",
            "LabelingJob",
            "labeling-job",
            ("Initializing", "InProgress", "Stopping"),
        ),
        (
            Kind.PROCESSING_JOB,
            "list_processing_jobs",
            "ProcessingJobSummaries",
            "ProcessingJob",
            "processing-job",
            ("InProgress", "Stopping"),
        ),
    ],
)
def test_running_jobs_are_ours_by_prefix_and_tag(
    aws: Stubbed, kind: Kind, operation: str, list_member: str, word: str, path: str, statuses: tuple[str, ...]
) -> None:
    def job(name: str) -> dict[str, Any]:
        more = {
            "LabelingJob": {
                "LastModifiedTime": NOW,
                "WorkteamArn": f"{ARN}:workteam/private-crowd/one",
                "LabelCounters": {},
            }
        }
        return {
            f"{word}Name": name,
            f"{word}Arn": f"{ARN}:{path}/{name}",
            f"{word}Status": "InProgress",
            "CreationTime": NOW,
            **more.get(word, {}),
        }

    names = ["kempelen-dev-mine", "kempelen-dev-2-theirs", "my-kempelen-dev-job", "kempelen-dev-gone"]
    for status in statuses:
        request = {"NameContains": "kempelen-dev-", "StatusEquals": status}
        listed = [job(name) for name in names] if status == "InProgress" else []
        aws.expect("sagemaker", operation, request, {list_member: listed})
        if not listed:
            continue
        for name, stage in (("kempelen-dev-mine", "dev"), ("kempelen-dev-2-theirs", "dev-2")):
            tags = [{"Key": "kempelen:stage", "Value": stage}]
            aws.expect("sagemaker", "list_tags", {"ResourceArn": f"{ARN}:{path}/{name}"}, {"Tags": tags})
        aws.refuse("sagemaker", "list_tags", "ResourceNotFound")
    (item,) = aws.look(kind)
    assert item.name == "kempelen-dev-mine"
    assert item.address == {f"{word}Name": "kempelen-dev-mine"}


def test_without_a_schedule_group_no_schedule_is_looked_for(aws: Stubbed) -> None:
    assert aws.look(Kind.SCHEDULE, schedule_group=None) == []


def test_schedules_are_those_of_the_group(aws: Stubbed) -> None:
    schedules = [{"Name": "tick", "GroupName": "kempelen-dev"}, {"Name": "other", "GroupName": "default"}]
    aws.expect("scheduler", "list_schedules", {"GroupName": "kempelen-dev"}, {"Schedules": schedules})
    assert [item.address for item in aws.look(Kind.SCHEDULE)] == [{"Name": "tick", "GroupName": "kempelen-dev"}]


def test_executions_of_one_machine_are_found_although_another_machine_is_gone(aws: Stubbed) -> None:
    aws.refuse("stepfunctions", "list_executions", "StateMachineDoesNotExist")
    running = {
        "executionArn": "arn:aws:states:us-east-1:000000000000:execution:label:one",
        "stateMachineArn": MACHINES[1],
        "name": "one",
        "status": "RUNNING",
        "startDate": NOW,
    }
    request = {"stateMachineArn": MACHINES[1], "statusFilter": "RUNNING"}
    aws.expect("stepfunctions", "list_executions", request, {"executions": [running]})
    assert [(item.name, item.turn) for item in aws.look(Kind.EXECUTION)] == [("label/one", 1)]


def file_system(identity: str, domain: str) -> dict[str, Any]:
    return {
        "OwnerId": "000000000000",
        "CreationToken": identity,
        "FileSystemId": identity,
        "CreationTime": NOW,
        "LifeCycleState": "available",
        "NumberOfMountTargets": 1,
        "SizeInBytes": {"Value": 1},
        "PerformanceMode": "generalPurpose",
        "Tags": [{"Key": EFS_OWNER_TAG, "Value": f"{ARN}:domain/{domain}"}] if domain else [],
    }


def test_file_systems_are_found_by_tag_or_as_the_remembered_home_on_every_page(aws: Stubbed) -> None:
    first = [file_system("fs-twin", "d-twin"), file_system("fs-home", "")]
    aws.expect("efs", "describe_file_systems", {}, {"FileSystems": first, "NextMarker": "2"})
    second = [file_system("fs-ours", "d-ours"), file_system("fs-strange", "")]
    aws.expect("efs", "describe_file_systems", {"Marker": "2"}, {"FileSystems": second})
    assert [item.name for item in aws.look(Kind.FILE_SYSTEM, "fs-home")] == ["fs-home", "fs-ours"]


def test_mount_targets_of_a_file_system_that_goes_meanwhile_are_none(aws: Stubbed) -> None:
    systems = [file_system("fs-ours", "d-ours"), file_system("fs-rest", "d-ours")]
    aws.expect("efs", "describe_file_systems", {}, {"FileSystems": systems})
    aws.refuse("efs", "describe_mount_targets", "FileSystemNotFound", 404)
    target = {
        "MountTargetId": "fsmt-00000001",
        "FileSystemId": "fs-rest",
        "SubnetId": "subnet-00000001",
        "LifeCycleState": "deleting",
    }
    aws.expect("efs", "describe_mount_targets", {"FileSystemId": "fs-rest"}, {"MountTargets": [target]})
    (item,) = aws.look(Kind.MOUNT_TARGET)
    assert (item.name, item.status) == ("fs-rest/fsmt-00000001", "deleting")


def test_access_points_are_listed_by_file_system(aws: Stubbed) -> None:
    aws.expect("efs", "describe_file_systems", {}, {"FileSystems": [file_system("fs-ours", "d-ours")]})
    point = {"AccessPointId": "fsap-00000001", "LifeCycleState": "available"}
    aws.expect("efs", "describe_access_points", {"FileSystemId": "fs-ours"}, {"AccessPoints": [point]})
    assert [item.address for item in aws.look(Kind.ACCESS_POINT)] == [{"AccessPointId": "fsap-00000001"}]


INBOUND, OUTBOUND = "security-group-for-inbound-nfs-d-ours", "security-group-for-outbound-nfs-d-ours"
GROUPS = {"Filters": [{"Name": "group-name", "Values": [INBOUND, OUTBOUND]}]}
RULE = {"IpProtocol": "tcp", "FromPort": 2049, "ToPort": 2049, "UserIdGroupPairs": [{"GroupId": "sg-out"}]}


def test_only_groups_of_the_exact_names_are_found_and_only_those_with_rules_are_to_be_emptied(aws: Stubbed) -> None:
    groups = [
        {"GroupId": "sg-in", "GroupName": INBOUND, "IpPermissions": [RULE], "IpPermissionsEgress": []},
        {"GroupId": "sg-out", "GroupName": OUTBOUND, "IpPermissions": [], "IpPermissionsEgress": []},
        {"GroupId": "sg-else", "GroupName": f"{INBOUND}2", "IpPermissions": [RULE]},
    ]
    aws.expect("ec2", "describe_security_groups", GROUPS, {"SecurityGroups": groups})
    aws.expect("ec2", "describe_security_groups", GROUPS, {"SecurityGroups": groups})
    (rules,) = aws.look(Kind.SECURITY_GROUP_RULES)
    assert rules.address == {"GroupId": "sg-in", "Ingress": [RULE], "Egress": []}
    assert [item.name for item in aws.look(Kind.SECURITY_GROUP)] == [f"{INBOUND}/sg-in", f"{OUTBOUND}/sg-out"]


def test_a_page_that_fails_comes_after_what_the_pages_before_it_gave(aws: Stubbed) -> None:
    aws.expect("sagemaker", "list_apps", {"DomainIdEquals": "d-ours"}, {"Apps": [app(SpaceName="a")], "NextToken": "2"})
    aws.refuse("sagemaker", "list_apps", "AccessDeniedException")
    seen = []
    with pytest.raises(AccessDenied):
        seen.extend(aws.cloud().look(Kind.APP, None))
    assert [item.name for item in seen] == ["JupyterLab/default of space a"]


def test_an_account_that_ground_truth_is_closed_to_has_no_labeling_jobs(aws: Stubbed) -> None:
    said = "Ground Truth is not available to new customers"
    aws.refuse("sagemaker", "list_labeling_jobs", "AccessDeniedException", message=said)
    assert aws.look(Kind.LABELING_JOB) == []
    aws.refuse("sagemaker", "list_labeling_jobs", "AccessDeniedException")
    with pytest.raises(AccessDenied):
        aws.look(Kind.LABELING_JOB)
