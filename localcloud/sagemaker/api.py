"""SageMaker's operations: the modules beside this one register them; requests are checked against SageMaker's model."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from localcloud.sagemaker import faults, store
from localcloud.sagemaker.errors import ApiError as ApiError
from localcloud.sagemaker.model import SERVICE, operation_model, pruned, violations

Params = dict[str, Any]
Operation = Callable[[Params], Params]

OPERATIONS: dict[str, Operation] = {}


def operation(name: str) -> Callable[[Operation], Operation]:
    """Register the decorated function as the implementation of a SageMaker operation.

    It gets validated parameters and may return a whole record: members that the answer does not have are left out.
    """
    operation_model(name)

    def register(function: Operation) -> Operation:
        if name in OPERATIONS:
            raise ValueError(f"SageMaker {name} is registered twice: {OPERATIONS[name]} and {function}")
        OPERATIONS[name] = function
        return function

    return register


def call(name: str, params: Params) -> Params:
    """What a client of SageMaker would get for this request.

    Raises ApiError: `UnknownOperationException` when SageMaker has no such operation or the local cloud leaves it out,
    `ValidationException` when the request breaks SageMaker's model, and whatever the operation itself refuses.
    """
    if name not in OPERATIONS:
        known = name in SERVICE.operation_names
        reason = "the local cloud does not emulate it" if known else "SageMaker has no such operation"
        raise ApiError("UnknownOperationException", f"{name}: {reason}")
    validate(name, params)
    _refuse_reserved_tags(params)
    fault = faults.PLAN.draw(name)
    if fault and not fault.applied:
        raise ApiError(fault.code, fault.message, fault.status)
    result = OPERATIONS[name](params)
    _remember_tags(name, params, result)
    if fault:
        raise ApiError(fault.code, fault.message, fault.status)
    return dict(pruned(operation_model(name).output_shape, result))


def _refuse_reserved_tags(params: Params) -> None:
    """https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_Tag.html; CloudFormation's own come otherwise."""
    for tag in params.get("Tags") or []:
        key = tag["Key"].lower() if isinstance(tag, dict) else ""
        if key.startswith("aws:") and not key.startswith("aws:cloudformation:"):
            raise ApiError("ValidationException", f"Tag keys that begin with aws: are reserved, as {tag['Key']} does")


def validate(name: str, params: Params) -> None:
    """Raise ApiError(ValidationException) that lists every member of the request that breaks SageMaker's model."""
    shape = operation_model(name).input_shape
    found = list(violations(shape, params)) if shape is not None else []
    if found:
        count = f"{len(found)} validation error{'s' if len(found) > 1 else ''} detected: "
        raise ApiError("ValidationException", count + "; ".join(found))


def _remember_tags(name: str, params: Params, result: Params) -> None:
    """Every Create operation takes Tags and answers with one ARN, so tagging needs no code of its own anywhere."""
    arns = [value for key, value in result.items() if key.endswith("Arn")] if name.startswith("Create") else []
    if len(arns) == 1:
        store.table("_tags")[arns[0]] = {tag["Key"]: tag["Value"] for tag in params.get("Tags") or []}
