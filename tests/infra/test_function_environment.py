"""Each function gets the environment variables that its code reads, and no others."""

from __future__ import annotations

import importlib
from typing import Any

import aws_xray_sdk.core  # noqa: F401 - opens a socket when imported, which tests may not
import pytest

from domain.labeling.port import BACK_ENDS
from lambdas.shared.variables import LabelerVariables
from stacks.constructs.workflow.function_environment import environment_of
from stacks.naming import LABELING_FUNCTIONS
from tests.infra.variants import Synthesized

OF_LAMBDA = {"AWS_REGION"}
OF_POWERTOOLS = {"POWERTOOLS_SERVICE_NAME", "POWERTOOLS_METRICS_NAMESPACE", "POWERTOOLS_LOG_LEVEL"}


def read_by(handler: str, back_end: str) -> set[str]:
    """The names that the code behind `lambdas.<folder>.handler.<entry>` reads, its labeling back end's included."""
    module, _, entry = handler.rpartition(".")
    variables = getattr(importlib.import_module(module), entry).variables
    fields = set(variables.model_fields)
    if issubclass(variables, LabelerVariables):
        fields |= set(importlib.import_module(f"labelers.{back_end.replace('-', '_')}.back_end").Variables.model_fields)
    return {field.upper() for field in fields} - OF_LAMBDA


@pytest.mark.parametrize("part", ["network", "storage", "studio", "workforce", "workflow"])
def test_a_function_gets_what_it_reads_and_nothing_else(part: str, dev: Synthesized) -> None:
    ours: list[dict[str, Any]] = [
        function
        for function in dev.resources(part, "AWS::Lambda::Function").values()
        if str(function["Handler"]).startswith("lambdas.")
    ]
    assert ours
    for function in ours:
        given = set(function["Environment"]["Variables"])
        assert given - OF_POWERTOOLS == read_by(function["Handler"], BACK_ENDS[0]), function["Handler"]


@pytest.mark.parametrize("back_end", BACK_ENDS)
def test_a_function_gets_the_variables_of_the_back_end_that_the_stage_has_and_of_no_other(back_end: str) -> None:
    names = {
        name for function in LABELING_FUNCTIONS for name in read_by(f"lambdas.{function}.handler.handler", back_end)
    }
    values = dict.fromkeys([*names, "JOB_NAME_PREFIX", "LABELING_ROLE_ARN", "STAGE", "WORKTEAM_ARN"], "")
    for function in LABELING_FUNCTIONS:
        given = set(environment_of(function, {**values, "LABELER": back_end}))
        assert given == read_by(f"lambdas.{function}.handler.handler", back_end), function
