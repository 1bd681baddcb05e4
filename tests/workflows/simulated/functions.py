"""The functions of the workflows as Lambda runs them: the real handlers, given ports in memory in place of AWS."""

from __future__ import annotations

import importlib
import inspect
import re
from collections.abc import Callable
from functools import cache
from types import SimpleNamespace
from typing import Any

from pydantic import BaseModel

from domain.labeling.watch import Watched
from domain.workflow.inputs import parse
from lambdas.shared.entry import metrics
from tests.workflows.simulated.faults import Faults, Invocation, Port

PREFIX = "kempelen-dev-"


@cache
def code_of(folder: str) -> tuple[Callable[..., Any], type[Any], Any]:
    """The handler's own function, the model of its event, and its module."""
    module = importlib.import_module(f"lambdas.{folder}.handler")
    function = inspect.unwrap(module.handler)
    first = next(iter(inspect.signature(function, eval_str=True).parameters.values()))
    return function, first.annotation, module


def folder_of(arn: str) -> str:
    """Of a function's placeholder in a definition: `the-BeginAugmentationFunctionArn`."""
    name = arn.removeprefix("the-").removesuffix("FunctionArn")
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


class Bucket:
    """What the preflight asks beside the objects."""

    def __init__(self, store: Any) -> None:
        self._store = store

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def region(self) -> str:
        return "us-east-1"

    def browser_origins(self) -> set[str]:
        return {"*"}


def invoke(folder: str, event: Any, account: Any, faults: Faults, invocation: Invocation) -> Any:
    """The function's answer as JSON. Raises what the function raises, and Died."""
    function, model, module = code_of(folder)
    variables = variables_of(account, faults, invocation)
    executions = Port(account.executions, faults, invocation)
    stand_ins = {
        "client": lambda _name: None,
        "StepFunctionsExecutions": lambda _client, machine: executions.of(machine),
        "ServiceQuotas": lambda _client: SimpleNamespace(processing_instances=lambda _kind: None),
        "time": SimpleNamespace(time=lambda: account.now),
    }
    module.__dict__.update({name: value for name, value in stand_ins.items() if name in module.__dict__})
    try:
        answer = function(parse(model, event), variables)
    finally:
        metrics.clear_metrics()
    return answer.model_dump(mode="json") if isinstance(answer, BaseModel) else answer


def variables_of(account: Any, faults: Faults, invocation: Invocation) -> Any:
    """What a function's environment variables name, whichever it is."""
    store = Port(Bucket(account.store), faults, invocation)
    ledger = Port(account.ledger, faults, invocation)
    labeler = Port(account.labeler, faults, invocation)
    executions = Port(account.executions, faults, invocation)
    return SimpleNamespace(
        store=store,
        ledger=ledger,
        backends=("portal",),
        labeler=lambda _name: labeler,
        labeler_of=lambda _run: labeler,
        watched=Watched(lambda _run: labeler, store, ledger, executions.of("label")),
        augment_state_machine_arn="augment",
        label_state_machine_arn="label",
        job_name_prefix=PREFIX,
        embedding_model="",
        custom_code=False,
        learning=True,
        aws_region="us-east-1",
        processing_instance_type="ml.m5.xlarge",
    )
