"""Step Functions: every task of a state machine is called by the machine's role.

A refusal is what a task fails with, under the name of the service's own exception; the managed rules of `.sync` are
https://docs.aws.amazon.com/step-functions/latest/dg/connect-sagemaker.html and
https://docs.aws.amazon.com/step-functions/latest/dg/connect-stepfunctions.html.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ministack.services import lambda_svc, stepfunctions

from localcloud.iam.gate import callers
from localcloud.iam.gate.calls import Call
from localcloud.iam.gate.judge import Judge
from localcloud.iam.gate.refusals import DeniedError
from localcloud.iam.gate.resources import arn
from localcloud.sagemaker.store import ACCOUNT
from localcloud.step_functions import sagemaker

_RULES = {
    "sagemaker": "StepFunctionsGetEventsForSageMakerProcessingJobsRule",
    "states": "StepFunctionsGetEventsForStepFunctionsExecutionRule",
}
_ERRORS = {"lambda": "Lambda.AWSLambdaException", "states": "StepFunctions.AWSStepFunctionsException"}


def register(judge: Judge) -> None:
    stepfunctions._run_execution = _with_role(stepfunctions._run_execution, judge)
    stepfunctions._call_lambda = _asking_for_functions(stepfunctions._call_lambda, judge)
    for name in ("_invoke_nested_start_execution", "_invoke_nested_start_execution_sync"):
        setattr(stepfunctions, name, _asking_for_machines(getattr(stepfunctions, name), judge))
    for prefix, handle in list(stepfunctions._SERVICE_DISPATCH.items()):
        stepfunctions._SERVICE_DISPATCH[prefix] = _asking(prefix, handle, judge)
    sagemaker._call = _checked(sagemaker._call, judge)  # type: ignore[assignment]  # names of parameters


def _with_role(run: Callable[[str], None], judge: Judge) -> Callable[[str], None]:
    """The execution's thread, and those of its tasks, which take its context over."""

    def run_execution(execution: str) -> None:
        machine = stepfunctions._executions[execution]["stateMachineArn"]
        role = (stepfunctions._state_machines.get(machine) or {}).get("roleArn", "")
        source = {"aws:SourceAccount": ACCOUNT, "aws:SourceArn": machine}
        try:
            judge.check_action(
                callers.of_service("states.amazonaws.com"), "sts:AssumeRole", role, dict(source), "sts:AssumeRole"
            )
        except DeniedError:
            text = "Neither the global service principal states.amazonaws.com, nor the regional one is authorized "
            stepfunctions._fail_execution(
                stepfunctions._executions[execution], "States.Runtime", f"{text}to assume the provided role."
            )
            return
        callers.begin(callers.of_role(role, execution.rsplit(":", 1)[-1][:64], "states"))
        run(execution)

    return run_execution


def _check(judge: Judge, call: Call, error: str = "") -> None:
    caller = callers.current()
    try:
        if caller:
            judge.check(caller, call)
    except DeniedError as refusal:
        raise stepfunctions._ExecutionError(error or _ERRORS[call.service], str(refusal)) from refusal


def _asking_for_functions(invoke: Callable[[str, Any], Any], judge: Judge) -> Callable[[str, Any], Any]:
    def call_lambda(reference: str, event: Any) -> Any:
        _, config, _ = lambda_svc._get_func_record_for_ref(reference)
        if config:
            _check(judge, Call("lambda", "Invoke", {"FunctionName": config["FunctionArn"]}))
        with callers.calling(None):
            return invoke(reference, event)

    return call_lambda


def _asking_for_machines(start: Callable[[str, Any], Any], judge: Judge) -> Callable[[str, Any], Any]:
    def start_execution(resource: str, arguments: dict[str, Any]) -> Any:
        machine = arguments.get("StateMachineArn", "")
        _check(judge, Call("states", "StartExecution", {"stateMachineArn": machine}))
        if ".sync" in resource:
            _check_rule(judge, "states")
            name = machine.replace(":stateMachine:", ":execution:") + f":{arguments.get('Name', '')}"
            for operation in ("DescribeExecution", "StopExecution"):
                _check(judge, Call("states", operation, {"executionArn": name}))
        return start(resource, arguments)

    return start_execution


def _check_rule(judge: Judge, service: str) -> None:
    caller = callers.current()
    rule = arn("events", f"rule/{_RULES[service]}")
    for action in ("DescribeRule", "PutRule", "PutTargets") if caller else ():
        try:
            judge.check_action(caller, f"events:{action}", rule, {}, f"{service}:.sync")  # type: ignore[arg-type]
        except DeniedError as refusal:
            raise stepfunctions._ExecutionError("States.TaskFailed", str(refusal)) from refusal


def _asking(prefix: str, handle: Callable[[str, Any], Any], judge: Judge) -> Callable[[str, Any], Any]:
    """`arn:aws:states:::events:putEvents` and its like. SageMaker's ask for themselves, call by call."""
    service, operation = prefix.split(":")[5:7]

    def dispatch(resource: str, arguments: Any) -> Any:
        if service != "sagemaker":
            name = f"{service.capitalize()}.AccessDeniedException"
            _check(judge, Call(service, operation[0].upper() + operation[1:], arguments), name)
        elif resource.endswith(".sync"):
            _check_rule(judge, service)
        return handle(resource, arguments)

    return dispatch


def _checked(call: Callable[[str, Any], Any], judge: Judge) -> Callable[[str, Any], Any]:
    def checked(operation: str, params: Any) -> Any:
        caller = callers.current()
        try:
            if caller:
                judge.check(caller, Call("sagemaker", operation, params))
        except DeniedError as refusal:
            raise stepfunctions._ExecutionError("SageMaker.AmazonSageMakerException", str(refusal)) from refusal
        with callers.calling(None):
            return call(operation, params)

    return checked
