"""Each function gets the environment variables that its code reads, and no others."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any

import aws_xray_sdk.core  # noqa: F401 - opens a socket when imported, which tests may not
import pytest

from domain.labeling.port import BACKENDS
from lambdas.shared.variables import LabelerVariables
from stacks.constructs.workflow.function_environment import environment_of
from stacks.naming import LABELING_FUNCTIONS
from tests.infra.variants import (
    BY_ITSELF,
    BY_ITSELF_GUARDED,
    CUSTOM_CODE,
    IAM_PUBLIC,
    IN_LABEL_STUDIO,
    IN_PORTAL,
    Synthesized,
)

OF_LAMBDA = {"AWS_REGION"}
OF_POWERTOOLS = {"POWERTOOLS_SERVICE_NAME", "POWERTOOLS_METRICS_NAMESPACE", "POWERTOOLS_LOG_LEVEL"}


def read_by(handler: str, *backends: str) -> set[str]:
    """The names that the code behind `lambdas.<folder>.handler.<entry>` reads, its labeling back ends' included."""
    module, _, entry = handler.rpartition(".")
    variables = getattr(importlib.import_module(module), entry).variables
    fields = set(variables.model_fields)
    if issubclass(variables, LabelerVariables):
        for backend in backends:
            fields |= set(importlib.import_module(f"labelers.{backend}.backend").Variables.model_fields)
    return {field.upper() for field in fields} - OF_LAMBDA


STACKS = [
    *((IAM_PUBLIC, ("ground_truth",), part) for part in ("network", "storage", "studio", "workforce", "workflow")),
    *((IN_PORTAL, ("portal",), part) for part in ("portal", "workflow")),
    (IN_LABEL_STUDIO, ("label_studio",), "workflow"),
    *((BY_ITSELF, ("ground_truth", "portal"), part) for part in ("portal", "workforce", "workflow")),
    (BY_ITSELF_GUARDED, ("ground_truth", "portal", "label_studio"), "workflow"),
]
OPTIONAL = {"IN_GROUND_TRUTH", "PORTAL_ADDRESS", "SOURCE_IPS"}


@pytest.mark.parametrize(("variant", "backends", "part"), STACKS)
def test_a_function_gets_what_it_reads_and_nothing_else(
    variant: str, backends: tuple[str, ...], part: str, synthesized: Callable[[str], Synthesized]
) -> None:
    ours: list[dict[str, Any]] = [
        function
        for function in synthesized(variant).resources(part, "AWS::Lambda::Function").values()
        if str(function["Handler"]).startswith("lambdas.")
    ]
    assert ours
    for function in ours:
        given = set(function["Environment"]["Variables"])
        read = read_by(function["Handler"], *backends)
        assert read - OPTIONAL <= given - OF_POWERTOOLS <= read, function["Handler"]


@pytest.mark.parametrize(("variant", "said"), [(IAM_PUBLIC, "false"), (CUSTOM_CODE, "true")])
def test_code_of_ones_own_is_allowed_only_where_the_settings_say_so(
    variant: str, said: str, synthesized: Callable[[str], Synthesized]
) -> None:
    functions = synthesized(variant).resources("workflow", "AWS::Lambda::Function").values()
    told = [
        function["Environment"]["Variables"].get("CUSTOM_CODE") for function in functions if "Environment" in function
    ]
    assert [value for value in told if value] == [said]


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_function_gets_the_variables_of_the_backend_that_the_stage_has_and_of_no_other(backend: str) -> None:
    names = {
        name for function in LABELING_FUNCTIONS for name in read_by(f"lambdas.{function}.handler.handler", backend)
    }
    of_others = ("JOB_NAME_PREFIX", "LABELING_ROLE_ARN", "STAGE", "TASK_TABLE", "USER_POOL_ID", "WORKTEAM_ARN")
    values = dict.fromkeys([*names, *of_others], "")
    for function in LABELING_FUNCTIONS:
        given = set(environment_of(function, {**values, "LABELERS": backend}))
        assert given == read_by(f"lambdas.{function}.handler.handler", backend), function
