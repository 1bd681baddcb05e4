from __future__ import annotations

import pytest

from tests.localcloud.studio import ROLE, Studio, refusal


@pytest.fixture(scope="module")
def studio(client, until) -> Studio:
    return Studio(client, until)


def test_a_domain_is_pending_before_it_is_in_service(studio: Studio) -> None:
    created = studio.sagemaker.create_domain(**studio.domain_request())
    first = studio.sagemaker.describe_domain(DomainId=created["DomainId"])
    assert first["Status"] == "Pending"
    assert "HomeEfsFileSystemId" not in first
    later = studio.domain_reaches(created["DomainId"], "InService")
    assert later["HomeEfsFileSystemId"].startswith("fs-")
    assert later["DomainArn"] == created["DomainArn"]
    assert later["LastModifiedTime"] > first["CreationTime"]


def test_a_domain_describes_what_it_was_created_with_and_the_defaults(studio: Studio) -> None:
    request = studio.domain_request()
    described = studio.sagemaker.describe_domain(DomainId=studio.domain(**request))
    assert {key: described[key] for key in request} == request
    assert described["AppNetworkAccessType"] == "PublicInternetOnly"
    assert described["HomeEfsFileSystemCreation"] == "Enabled"
    assert described["Url"].startswith(f"https://{described['DomainId']}.studio.us-east-1.")


def test_a_domain_of_identity_center_names_its_application(studio: Studio) -> None:
    described = studio.sagemaker.describe_domain(DomainId=studio.domain(AuthMode="SSO"))
    assert described["SingleSignOnManagedApplicationInstanceId"].startswith("ins-")
    assert ":application/" in described["SingleSignOnApplicationArn"]


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"DefaultUserSettings": {}}, "ExecutionRole"),
        ({"SubnetIds": ["subnet-0123456789abcdef0"]}, "subnet-0123456789abcdef0"),
        (
            {"DefaultUserSettings": {"ExecutionRole": ROLE, "SecurityGroups": ["sg-0123456789abcdef0"]}},
            "sg-0123456789abcdef0",
        ),
        ({"DefaultUserSettings": {"ExecutionRole": ROLE}, "AppNetworkAccessType": "VpcOnly"}, "SecurityGroups"),
    ],
)
def test_a_domain_that_cannot_work_is_refused_by_name(studio: Studio, changes, named) -> None:
    code, message = refusal(studio.sagemaker.create_domain, **studio.domain_request(**changes))
    assert code == "ValidationException"
    assert named in message


def test_what_breaks_the_service_model_is_refused(studio: Studio) -> None:
    code, message = refusal(studio.sagemaker.create_domain, **studio.domain_request(DomainName="under_scores"))
    assert code == "ValidationException"
    assert "domainName" in message


def test_a_domain_whose_creation_fails_says_why_and_can_be_deleted(studio: Studio, cloud) -> None:
    cloud.plan_outcomes([{"operation": "CreateDomain", "reason": "no addresses left in the subnets"}])
    domain_id = studio.sagemaker.create_domain(**studio.domain_request())["DomainId"]
    failed = studio.domain_reaches(domain_id, "Failed")
    assert failed["FailureReason"] == "no addresses left in the subnets"
    studio.sagemaker.delete_domain(DomainId=domain_id)
    studio.domain_gone(domain_id)


def test_a_domain_can_be_deleted_again_after_a_failed_deletion(studio: Studio, cloud) -> None:
    domain_id = studio.domain()
    cloud.plan_outcomes([{"operation": "DeleteDomain", "reason": "internal"}])
    studio.sagemaker.delete_domain(DomainId=domain_id)
    assert "internal error" in studio.domain_reaches(domain_id, "Delete_Failed")["FailureReason"]
    studio.sagemaker.delete_domain(DomainId=domain_id)
    studio.domain_gone(domain_id)


def test_a_failed_update_keeps_the_settings(studio: Studio, cloud) -> None:
    domain_id = studio.domain()
    cloud.plan_outcomes([{"operation": "UpdateDomain", "reason": "no"}])
    studio.sagemaker.update_domain(DomainId=domain_id, TagPropagation="ENABLED")
    assert studio.domain_reaches(domain_id, "Update_Failed")["TagPropagation"] == "DISABLED"


def test_an_update_changes_what_it_names_and_keeps_the_rest(studio: Studio) -> None:
    domain_id = studio.domain()
    studio.sagemaker.update_domain(
        DomainId=domain_id,
        DefaultUserSettings={"StudioWebPortal": "ENABLED"},
        DomainSettingsForUpdate={"DockerSettings": {"EnableDockerAccess": "ENABLED"}},
    )
    assert studio.sagemaker.describe_domain(DomainId=domain_id)["Status"] == "Updating"
    described = studio.domain_reaches(domain_id, "InService")
    assert described["DefaultUserSettings"]["ExecutionRole"] == ROLE
    assert described["DefaultUserSettings"]["StudioWebPortal"] == "ENABLED"
    assert described["DomainSettings"]["DockerSettings"] == {"EnableDockerAccess": "ENABLED"}


def test_a_domain_in_a_transient_state_can_be_neither_updated_nor_deleted(studio: Studio) -> None:
    domain_id = studio.sagemaker.create_domain(**studio.domain_request())["DomainId"]
    assert refusal(studio.sagemaker.delete_domain, DomainId=domain_id)[0] == "ResourceInUse"
    assert refusal(studio.sagemaker.update_domain, DomainId=domain_id)[0] == "ResourceInUse"
    studio.domain_reaches(domain_id, "InService")
    studio.sagemaker.delete_domain(DomainId=domain_id)
    assert studio.sagemaker.describe_domain(DomainId=domain_id)["Status"] == "Deleting"
    assert refusal(studio.sagemaker.delete_domain, DomainId=domain_id)[0] == "ResourceInUse"


def test_profiles_spaces_and_apps_keep_a_domain_from_deletion(studio: Studio) -> None:
    domain_id = studio.domain()
    profile = studio.profile(domain_id)
    assert "UserProfile(s)" in refusal(studio.sagemaker.delete_domain, DomainId=domain_id)[1]
    space = studio.space(domain_id, profile)
    assert "Space(s)" in refusal(studio.sagemaker.delete_domain, DomainId=domain_id)[1]
    studio.app(DomainId=domain_id, SpaceName=space, AppType="JupyterLab", AppName="default")
    code, message = refusal(studio.sagemaker.delete_domain, DomainId=domain_id)
    assert code == "ResourceInUse"
    assert "App(s)" in message


def test_the_network_of_a_domain_changes_only_while_no_app_runs(studio: Studio) -> None:
    domain_id = studio.domain(SubnetIds=studio.network.subnets[:1])
    app = studio.canvas(domain_id, studio.profile(domain_id))
    change = {"DomainId": domain_id, "SubnetIds": studio.network.subnets}
    code, message = refusal(studio.sagemaker.update_domain, **change)
    assert (code, "SubnetIds" in message) == ("ResourceInUse", True)
    studio.delete_app(app)
    studio.sagemaker.update_domain(**change)
    studio.domain_reaches(domain_id, "InService")


def test_a_domain_that_does_not_exist_is_not_found(studio: Studio) -> None:
    for call in (studio.sagemaker.describe_domain, studio.sagemaker.delete_domain, studio.sagemaker.update_domain):
        assert refusal(call, DomainId="d-nosuchdomain")[0] == "ResourceNotFound"


def test_domains_are_listed_in_pages_of_one(studio: Studio) -> None:
    made = {studio.domain() for _ in range(3)}
    pages = studio.sagemaker.get_paginator("list_domains").paginate(PaginationConfig={"PageSize": 1})
    listed = [domain["DomainId"] for page in pages for domain in page["Domains"]]
    assert made <= set(listed)
    assert len(listed) == len(set(listed))


def test_tags_come_from_creation_and_can_be_changed_until_the_domain_is_gone(studio: Studio) -> None:
    domain_id = studio.domain(Tags=[{"Key": "project", "Value": "kempelen"}])
    arn = studio.sagemaker.describe_domain(DomainId=domain_id)["DomainArn"]
    studio.sagemaker.add_tags(ResourceArn=arn, Tags=[{"Key": "stage", "Value": "test"}])
    studio.sagemaker.delete_tags(ResourceArn=arn, TagKeys=["project"])
    assert studio.sagemaker.list_tags(ResourceArn=arn)["Tags"] == [{"Key": "stage", "Value": "test"}]
    studio.sagemaker.delete_domain(DomainId=domain_id)
    studio.domain_gone(domain_id)
    assert refusal(studio.sagemaker.list_tags, ResourceArn=arn)[0] == "ResourceNotFound"


def test_more_than_fifty_tags_are_refused(studio: Studio) -> None:
    arn = studio.sagemaker.describe_domain(DomainId=studio.domain())["DomainArn"]
    studio.sagemaker.add_tags(ResourceArn=arn, Tags=[{"Key": f"key-{n}", "Value": ""} for n in range(50)])
    code, _ = refusal(studio.sagemaker.add_tags, ResourceArn=arn, Tags=[{"Key": "one-more", "Value": ""}])
    assert code == "ResourceLimitExceeded"
    studio.sagemaker.add_tags(ResourceArn=arn, Tags=[{"Key": "key-7", "Value": "changed"}])
