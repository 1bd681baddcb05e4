"""SageMaker's labeling API in memory: requests and answers are checked against botocore's own model."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import botocore.session
from botocore.exceptions import ClientError
from botocore.validate import ParamValidator

_MODEL = botocore.session.get_session().get_service_model("sagemaker")
EPOCH = datetime(2026, 11, 22, tzinfo=UTC)


class FakeGroundTruth:
    """`refuse` maps an operation to the code and message with which it fails."""

    def __init__(self) -> None:
        self.jobs: dict[str, dict[str, Any]] = {}
        self.workteams: set[str] = set()
        self.subscribed: set[str] = set()
        self.refuse: dict[str, tuple[str, str]] = {}
        self.stopped: list[str] = []

    def create_labeling_job(self, **request: Any) -> dict[str, Any]:
        self._check("CreateLabelingJob", request)
        name = request["LabelingJobName"]
        if name.lower() in (known.lower() for known in self.jobs):
            raise client_error("ResourceInUse", f"{name} already exists", "CreateLabelingJob")
        self.jobs[name] = {
            **request,
            "LabelingJobStatus": "InProgress",
            "LabelCounters": {"TotalLabeled": 0, "Unlabeled": 3, "FailedNonRetryableError": 0},
            "CreationTime": EPOCH,
            "LastModifiedTime": EPOCH,
            "JobReferenceCode": "reference",
            "LabelingJobArn": f"arn:aws:sagemaker:us-east-1:123456789012:labeling-job/{name}",
        }
        return {"LabelingJobArn": self.jobs[name]["LabelingJobArn"]}

    def describe_labeling_job(self, **request: Any) -> dict[str, Any]:
        self._check("DescribeLabelingJob", request)
        if request["LabelingJobName"] not in self.jobs:
            raise client_error("ResourceNotFound", "no such job", "DescribeLabelingJob")
        job = self.jobs[request["LabelingJobName"]]
        check_shape(job, _MODEL.operation_model("DescribeLabelingJob").output_shape)
        return job

    def stop_labeling_job(self, **request: Any) -> dict[str, Any]:
        self._check("StopLabelingJob", request)
        self.stopped.append(request["LabelingJobName"])
        return {}

    def list_labeling_jobs(self, **request: Any) -> dict[str, Any]:
        self._check("ListLabelingJobs", request)
        return {"LabelingJobSummaryList": []}

    def describe_workteam(self, **request: Any) -> dict[str, Any]:
        self._check("DescribeWorkteam", request)
        if request["WorkteamName"] not in self.workteams:
            raise client_error("ValidationException", "The workteam doesn't exist", "DescribeWorkteam")
        return {"Workteam": {"WorkteamName": request["WorkteamName"]}}

    def describe_subscribed_workteam(self, **request: Any) -> dict[str, Any]:
        self._check("DescribeSubscribedWorkteam", request)
        if request["WorkteamArn"] not in self.subscribed:
            raise client_error("ValidationException", "not subscribed to it", "DescribeSubscribedWorkteam")
        answer = {"SubscribedWorkteam": {"WorkteamArn": request["WorkteamArn"], "SellerName": "Acme"}}
        check_shape(answer, _MODEL.operation_model("DescribeSubscribedWorkteam").output_shape)
        return answer

    def _check(self, operation: str, request: dict[str, Any]) -> None:
        if operation in self.refuse:
            raise client_error(*self.refuse[operation], operation)
        check_shape(request, _MODEL.operation_model(operation).input_shape)


def check_shape(value: dict[str, Any], shape: Any) -> None:
    report = ParamValidator().validate(value, shape)
    assert not report.has_errors(), report.generate_report()


def client_error(code: str, message: str, operation: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": message}}, operation)
