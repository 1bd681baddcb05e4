"""SageMaker in Step Functions: `aws-sdk:sagemaker:*` and the optimized `sagemaker:createProcessingJob(.sync)`.

Error names: an exception of SageMaker's model keeps its name with the suffix "Exception" (ResourceInUse becomes
SageMaker.ResourceInUseException); whatever the model does not name (ValidationException, ThrottlingException, …) is the
client library's base exception: SageMaker.SageMakerException for aws-sdk, SageMaker.AmazonSageMakerException for the
optimized integration, which uses the older library.
"""

from __future__ import annotations

import json
import time
from typing import Any

from ministack.services import stepfunctions

from localcloud.sagemaker.api import ApiError, Params, call
from localcloud.sagemaker.model import SERVICE, operation_model
from localcloud.step_functions.running import abandoned

_CREATE = "arn:aws:states:::sagemaker:createProcessingJob"
_PAUSE_SECONDS = 0.1
_ENDED = ("Completed", "Failed", "Stopped")


def register() -> None:
    stepfunctions._AWS_SDK_SERVICE_MAP["sagemaker"] = {"target_prefix": "SageMaker", "protocol": "json"}
    stepfunctions._AWS_SDK_ERROR_PREFIX["sagemaker"] = "SageMaker"
    stepfunctions._AWS_SDK_ERROR_CODE_OVERRIDES["sagemaker"] = _ErrorNames("SageMakerException")
    stepfunctions._SERVICE_DISPATCH[_CREATE] = create_processing_job


class _ErrorNames(dict[str, str]):
    """Error code -> name of the exception class in AWS's client library."""

    def __init__(self, unknown: str) -> None:
        codes = [shape.name for shape in SERVICE.error_shapes]
        super().__init__({code: code.removesuffix("Exception") + "Exception" for code in codes})
        self._unknown = unknown

    def get(self, code: str, default: Any = None) -> str:  # noqa: ARG002  (ministack's default is the bare code)
        return super().get(code) or self._unknown


_OPTIMIZED = _ErrorNames("AmazonSageMakerException")


def create_processing_job(resource: str, arguments: Params) -> Params:
    """Start a job; with `.sync` give its description when it completes.

    Raises States.TaskFailed with the description as its cause when the job fails or is stopped. A job whose execution
    is stopped, or whose state times out, is stopped too.
    """
    created = _call("CreateProcessingJob", arguments)
    if not resource.endswith(".sync"):
        return created
    identity = {"ProcessingJobName": arguments["ProcessingJobName"]}
    stopping = False
    while (job := _call("DescribeProcessingJob", identity))["ProcessingJobStatus"] not in _ENDED:
        if abandoned() and not stopping:
            _call("StopProcessingJob", identity)
            stopping = True
        time.sleep(_PAUSE_SECONDS)
    if job["ProcessingJobStatus"] != "Completed":
        raise stepfunctions._ExecutionError("States.TaskFailed", json.dumps(job))
    return job


def _call(operation: str, params: Params) -> Params:
    try:
        answer = call(operation, params)
    except ApiError as error:
        raise stepfunctions._ExecutionError(f"SageMaker.{_OPTIMIZED.get(error.code)}", error.message) from error
    return dict(_in_milliseconds(operation_model(operation).output_shape, answer))


def _in_milliseconds(shape: Any, value: Any) -> Any:
    """An optimized integration gives timestamps as epoch milliseconds."""
    if shape is None:
        return {}
    if shape.type_name == "structure":
        return {key: _in_milliseconds(shape.members[key], item) for key, item in value.items()}
    if shape.type_name == "list":
        return [_in_milliseconds(shape.member, item) for item in value]
    return int(value * 1000) if shape.type_name == "timestamp" else value
