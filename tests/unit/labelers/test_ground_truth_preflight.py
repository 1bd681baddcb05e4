"""The preflight says what cannot be used, why, and what to do."""

from __future__ import annotations

import pytest

from domain.errors import PreflightFailed, ServiceUnavailable
from domain.labeling.preflight import Check, passed
from labelers.ground_truth.preflight import check_region, check_service, check_task_type, check_workteam
from tests.support.builders.runs import any_label_run, any_task
from tests.support.fakes.ground_truth import FakeGroundTruth

TEAM = "arn:aws:sagemaker:us-east-1:123456789012:workteam/private-crowd/kempelen-dev-labelers"

VENDORS = "arn:aws:sagemaker:us-east-1:394669845002:workteam/vendor-crowd/acme"


@pytest.fixture
def api() -> FakeGroundTruth:
    fake = FakeGroundTruth()
    fake.workteams = {"kempelen-dev-labelers"}
    fake.subscribed = {VENDORS}
    return fake


def test_an_account_that_can_label_passes(api: FakeGroundTruth) -> None:
    checks = [check_service(api), check_region("us-east-1"), check_workteam(api, TEAM, "us-east-1")]
    assert all(check.ok for check in checks)


def test_a_vendors_workteam_that_the_account_has_subscribed_to_passes(api: FakeGroundTruth) -> None:
    assert check_workteam(api, VENDORS, "us-east-1") == Check("workteam", True, "workteam of the vendor Acme")


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("AccessDeniedException", "Amazon SageMaker Ground Truth is not available to new customers."),
        ("ValidationException", "This account is not subscribed to the service"),
    ],
)
def test_a_closed_service_is_told_from_a_missing_permission(code: str, message: str, api: FakeGroundTruth) -> None:
    api.refuse["ListLabelingJobs"] = (code, message)
    check = check_service(api)
    assert not check.ok
    assert check.detail.startswith("Ground Truth is closed to new customers since 2026-07-30")
    assert message in check.detail


def test_a_missing_permission_is_named(api: FakeGroundTruth) -> None:
    api.refuse["ListLabelingJobs"] = ("AccessDeniedException", "not authorized to perform: sagemaker:ListLabelingJobs")
    check = check_service(api)
    assert not check.ok
    assert "closed" not in check.detail
    assert "allow sagemaker:ListLabelingJobs" in check.detail


def test_a_passing_fault_is_no_verdict(api: FakeGroundTruth) -> None:
    api.refuse["ListLabelingJobs"] = api.refuse["DescribeWorkteam"] = ("ThrottlingException", "Rate exceeded")
    with pytest.raises(ServiceUnavailable):
        check_service(api)
    with pytest.raises(ServiceUnavailable):
        check_workteam(api, TEAM, "us-east-1")


def test_a_region_without_built_in_functions_is_told_which_have_them() -> None:
    check = check_region("sa-east-1")
    assert not check.ok
    assert "eu-central-1" in check.detail


@pytest.mark.parametrize(
    ("arn", "complaint"),
    [
        (
            "",
            "deployed with workforce.enabled = false, so nobody can label; set it to true or give workforce.workteam_",
        ),
        ("team", "'team' is not the ARN of a workteam"),
        ("arn:aws:sagemaker:us-east-1:394669845002:workteam/public-crowd/default", "Mechanical Turk is closed"),
        ("arn:aws:sagemaker:us-east-1:394669845002:workteam/public-crowd/default", 'labeling.backend = "portal"'),
        (VENDORS.replace("acme", "stranger"), "subscribe to the vendor in AWS Marketplace"),
        (VENDORS.replace("us-east-1", "eu-west-1"), "is in eu-west-1, the labeling job would be in us-east-1"),
        (
            "arn:aws:sagemaker:us-east-1:123456789012:workteam/other-crowd/x",
            "neither a private workteam's nor a vendor's",
        ),
        ("refused", "the output GroundTruthPortal of its workforce stack says why"),
        (TEAM.replace("us-east-1", "eu-west-1"), "is in eu-west-1, the labeling job would be in us-east-1"),
        (TEAM.replace("labelers", "strangers"), "The workteam doesn't exist; deploy the workforce stack"),
    ],
)
def test_a_workteam_that_cannot_be_used_is_refused(arn: str, complaint: str, api: FakeGroundTruth) -> None:
    check = check_workteam(api, arn, "us-east-1")
    assert not check.ok
    assert complaint in check.detail


@pytest.mark.parametrize(
    ("name", "because"),
    [
        ("image-label-verification", "Ground Truth verifies boxes and segmentation masks only"),
        ("audio-transcript", "Ground Truth has no built-in task for audio"),
        ("record-review", "Ground Truth has no built-in task for records"),
        ("my-own", "Ground Truth has no built-in functions for it"),
    ],
)
def test_a_type_without_built_in_functions_is_refused_with_why_and_who_can(name: str, because: str) -> None:
    check = check_task_type(any_label_run().task.model_copy(update={"type": name}))
    assert not check.ok
    assert check.detail.startswith(f"{name}: {because}; it works in the portal (the run's `backend`, or")


def test_more_labels_than_ground_truth_takes_are_refused() -> None:
    boxes = any_task(type="image-bounding-box", labels=[f"part {number}" for number in range(10)])
    assert check_task_type(any_label_run(task=boxes).task).ok
    check = check_task_type(any_label_run(task={**boxes, "labels": [*boxes["labels"], "one more"]}).task)
    assert not check.ok
    assert "Ground Truth takes at most 10 labels, task.labels has 11" in check.detail


def test_a_label_that_would_take_the_place_of_a_texts_address_is_refused() -> None:
    task = any_label_run().task.model_copy(update={"type": "text-single-label", "label_attribute": "object"})
    check = check_task_type(task)
    assert not check.ok
    assert "over `object`, the text's address; choose another" in check.detail
    assert check_task_type(task.model_copy(update={"label_attribute": "mood"})).ok


def test_all_failed_checks_are_told_at_once() -> None:
    checks = [Check("Region", False, "bad"), Check("bucket CORS", True, "fine"), Check("workteam", False, "gone")]
    with pytest.raises(PreflightFailed, match=r"2 of 3 checks failed: \(1\) Region: bad; \(2\) workteam: gone"):
        passed(checks)
    assert passed([checks[1]]) == ["bucket CORS: fine"]
