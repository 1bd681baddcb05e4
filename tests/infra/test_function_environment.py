"""Each function gets the environment variables that its code reads, and no others."""

from __future__ import annotations

import importlib
from typing import Any

import aws_xray_sdk.core  # noqa: F401 - opens a socket when imported, which tests may not
import pytest

from domain.labeling.port import BACK_ENDS
from lambdas.shared.variables import LabelerVariables
from tests.infra.variants import Synthesized

OF_LAMBDA = {"AWS_REGION"}
OF_POWERTOOLS = {"POWERTOOLS_SERVICE_NAME", "POWERTOOLS_METRICS_NAMESPACE", "POWERTOOLS_LOG_LEVEL"}


def read_by(handler: str) -> set[str]:
    """The names that the code behind `lambdas.<folder>.handler.<entry>` reads, its labeling back end's included."""
    module, _, entry = handler.rpartition(".")
    variables = getattr(importlib.import_module(module), entry).variables
    fields = set(variables.model_fields)
    if issubclass(variables, LabelerVariables):
        for name in BACK_ENDS:
            back_end = importlib.import_module(f"labelers.{name.replace('-', '_')}.back_end")
            fields |= set(back_end.Variables.model_fields)
    return {field.upper() for field in fields} - OF_LAMBDA


@pytest.mark.parametrize("part", ["studio", "workforce", "workflow"])
def test_a_function_gets_what_it_reads_and_nothing_else(part: str, dev: Synthesized) -> None:
    ours: list[dict[str, Any]] = [
        function
        for function in dev.resources(part, "AWS::Lambda::Function").values()
        if str(function["Handler"]).startswith("lambdas.")
    ]
    assert ours
    for function in ours:
        given = set(function["Environment"]["Variables"])
        assert given - OF_POWERTOOLS == read_by(function["Handler"]), function["Handler"]
