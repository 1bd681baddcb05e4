"""The one door into every function: an event comes in as its model, an answer goes out as JSON, and what is logged
between the two names the run."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from functools import cache, wraps
from typing import Any, TypeVar

from aws_lambda_powertools import Logger, Metrics, Tracer
from aws_lambda_powertools.utilities.typing import LambdaContext
from pydantic import BaseModel

from adapters.environment import Environment
from domain.workflow.inputs import parse
from domain.workflow.states import Request

logger, tracer, metrics = Logger(), Tracer(), Metrics()

Given = TypeVar("Given", bound=Request)
Variables = TypeVar("Variables", bound=Environment)
Handler = Callable[[dict[str, Any], LambdaContext], dict[str, Any]]
traced: Callable[[Handler], Handler] = tracer.capture_lambda_handler(capture_response=False)
"""Without the answer, which Powertools would put into the trace: cookies and signed addresses are for one browser."""
_context: ContextVar[LambdaContext] = ContextVar("context")


def entry(
    request: type[Given], variables: type[Variables]
) -> Callable[[Callable[[Given, Variables], BaseModel | dict[str, Any]]], Handler]:
    """Makes a Lambda handler of a function of (request, variables). What the handler raises beside its own errors:

    InvalidInput: the event does not fit the model; the message names the field.
    InvalidSettings: an environment variable is missing or malformed; the message names it.
    """

    def decorate(function: Callable[[Given, Variables], BaseModel | dict[str, Any]]) -> Handler:
        @traced
        @logger.inject_lambda_context(clear_state=True)
        @wraps(function)
        def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
            _context.set(context)
            given = parse(request, event)
            logger.append_keys(**given.about())
            try:
                answer = function(given, loaded(variables))
            finally:
                if metrics.metric_set:  # flushing none would warn
                    metrics.flush_metrics()
            return answer.model_dump(mode="json") if isinstance(answer, BaseModel) else answer

        handler.variables = variables  # type: ignore[attr-defined] # a test compares it with the template
        return handler

    return decorate


@cache
def loaded(variables: type[Variables]) -> Variables:
    """A function's environment, read once a process."""
    return variables.load()


def time_left() -> int:
    """Milliseconds until the function that runs is cut off."""
    return _context.get().get_remaining_time_in_millis()
