"""Which errors a task of the state machines can meet: read off the code of its function and AWS's own models.

Names as Step Functions gives them: an exception of an AWS API is `<Service>.<Name>Exception`.
https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
"""

from __future__ import annotations

import ast
import json
from collections.abc import Iterable
from functools import cache

import botocore.session

from domain import errors
from tests.workflows.machines import ROOT
from tests.workflows.simulated.execution import TERMINAL
from tests.workflows.simulated.faults import DEATHS
from tests.workflows.simulated.functions import folder_of
from tests.workflows.simulated.queries import TaskError

OURS = {
    name for name, kind in vars(errors).items() if isinstance(kind, type) and issubclass(kind, errors.KempelenError)
}
_ROOMS = ("adapters", "domain", "labelers", "lambdas")
_BACKENDS = ("labelers/ground_truth", "labelers/portal", "labelers/label_studio")


def of_task(state: dict[str, object]) -> list[TaskError]:
    """Each error once, with a cause as AWS or the function words it."""
    resource = str(state["Resource"]).removeprefix("arn:aws:states:::")
    found = [TaskError("States.Timeout", "the task took longer than its TimeoutSeconds"), *_of_the_language()]
    if resource.startswith("lambda:invoke"):
        folder = folder_of(str(state["Arguments"]["FunctionName"]))  # type: ignore[index]
        found += [_said(name) for name in sorted(raised_by(folder))]
        found += [TaskError(name, "the Lambda service said so") for name in api_errors("lambda", "Invoke", "Lambda")]
        found += [
            TaskError("Lambda.AWSLambdaException", "it said so"),
            TaskError("Lambda.SdkClientException", "no answer"),
        ]
        found += [TaskError(name, "RequestId: 1 Error: Runtime exited") for name in (*DEATHS, "Extension.Crash")]
    elif "ProcessingJob" in resource:
        found += _of_sagemaker(resource)
    elif resource.startswith("states:startExecution"):
        found += [
            TaskError(n, "Step Functions said so")
            for n in api_errors("stepfunctions", "StartExecution", "StepFunctions")
        ]
        child = json.dumps({"Cause": "the child said so", "Error": "PreflightFailed", "Status": "FAILED"})
        found += [
            TaskError("StepFunctions.ThrottlingException", "Rate exceeded"),
            TaskError("States.TaskFailed", child),
        ]
    elif resource.startswith("sns:"):
        found += [TaskError(name, "SNS said so") for name in api_errors("sns", "Publish", "SNS")]
    else:
        found += [TaskError(n, "Step Functions said so") for n in api_errors("stepfunctions", "SendTaskFailure", "Sfn")]
        found += [TaskError("Sfn.SfnException", "Rate exceeded (Error Code: ThrottlingException)")]
    return list({(error.error, error.cause): error for error in found}.values())


def _of_the_language() -> list[TaskError]:
    told = [*TERMINAL, "States.Permissions", "States.QueryEvaluationError", "States.HeartbeatTimeout"]
    return [TaskError(name, "Step Functions said so") for name in told]


def _said(name: str) -> TaskError:
    return TaskError(name, json.dumps({"errorMessage": f"{name} was said in words", "errorType": name}))


def _of_sagemaker(resource: str) -> list[TaskError]:
    operation = resource.removesuffix(".sync").rpartition(":")[2]
    names = api_errors("sagemaker", operation[0].upper() + operation[1:], "SageMaker")
    found = [TaskError(name, f"{name.split('.')[1]} (Service: AmazonSageMaker)") for name in names]
    found += [TaskError("SageMaker.SdkClientException", "Read timed out")]
    base = "SageMaker.AmazonSageMakerException" if resource.endswith(".sync") else "SageMaker.SageMakerException"
    for code in ("ThrottlingException", "ValidationException", "AccessDeniedException", "ServiceUnavailable"):
        found.append(TaskError(base, f"no (Service: AmazonSageMaker; Error Code: {code})"))
    if resource.endswith(".sync"):
        for reason in ("CapacityError: no ml.m5.xlarge left", "AlgorithmError: exit code 1", "somebody stopped it"):
            found.append(TaskError("States.TaskFailed", json.dumps({"FailureReason": reason})))
        found.append(TaskError("SageMaker.ResourceLimitExceededException", "limit 'ml.m5.xlarge' is 0 Instances"))
    return found


@cache
def api_errors(service: str, operation: str, prefix: str) -> tuple[str, ...]:
    """Of the operation in AWS's model."""
    model = botocore.session.get_session().get_service_model(service).operation_model(operation)
    return tuple(f"{prefix}.{shape.name.removesuffix('Exception')}Exception" for shape in model.error_shapes)


@cache
def raised_by(folder: str) -> frozenset[str]:
    """Names of our errors that are raised in what the function's code imports, back ends included."""
    seen: set[str] = set()
    ahead = [f"lambdas/{folder}/handler.py"]
    ahead += [str(p.relative_to(ROOT)) for b in _BACKENDS for p in (ROOT / b).glob("*.py")] if "label" in folder else []
    names: set[str] = set()
    while ahead:
        file = ahead.pop()
        if file in seen or not (ROOT / file).is_file():
            continue
        seen.add(file)
        tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
        names |= {
            name for node in ast.walk(tree) if isinstance(node, ast.Raise) for name in _names(node) if name in OURS
        }
        ahead += _imported(tree)
    return frozenset(
        names
        | {"InvalidInput", "InvalidSettings"}
        | ({"AccessDenied", "NotFound", "RequestRefused", "ServiceUnavailable"})
    )


def _names(node: ast.AST) -> Iterable[str]:
    return (part.id for part in ast.walk(node) if isinstance(part, ast.Name))


def _imported(tree: ast.Module) -> list[str]:
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] in _ROOMS:
            path = node.module.replace(".", "/")
            found += [f"{path}.py", f"{path}/__init__.py", *(f"{path}/{one.name}.py" for one in node.names)]
    return found
