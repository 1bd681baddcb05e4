"""What holds for all five stacks."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable

import pytest

from stacks.assets import LAMBDA_FOLDERS, ROOT
from tests.infra.policies import all_statements, listed
from tests.infra.variants import VARIANTS, Synthesized


@pytest.mark.parametrize("variant", VARIANTS)
def test_no_statement_allows_actions_by_wildcard(variant: str, synthesized: Callable[[str], Synthesized]) -> None:
    for where, statement in all_statements(synthesized(variant)):
        assert not [action for action in listed(statement["Action"]) if action.endswith("*")], where


def test_custom_resources_never_wait_for_cloudformations_hour_by_default(dev: Synthesized) -> None:
    for part in dev.templates:
        resources = dev.templates[part].to_json()["Resources"].values()
        for resource in resources:
            if resource["Type"].startswith("Custom::Kempelen"):
                assert int(resource["Properties"]["ServiceTimeout"]) <= 3600


def test_log_groups_end_and_go_with_their_stack(dev: Synthesized) -> None:
    for part in dev.templates:
        for group in dev.templates[part].find_resources("AWS::Logs::LogGroup").values():
            assert group["DeletionPolicy"] == "Delete"
            assert group["Properties"]["RetentionInDays"] == 14


def test_everything_that_bears_tags_bears_the_stage(dev: Synthesized) -> None:
    wanted = {"Key": "kempelen:stage", "Value": "dev"}
    for kind in ("AWS::SageMaker::Domain", "AWS::SageMaker::UserProfile"):
        assert wanted in dev.only("studio", kind)["Tags"]
    assert wanted in dev.only("workforce", "AWS::SageMaker::Workteam")["Tags"]
    for machine in dev.resources("workflow", "AWS::StepFunctions::StateMachine").values():
        assert wanted in machine["Tags"]


@pytest.mark.parametrize(
    ("stack", "needed"),
    [
        ("storage", {"network"}),
        ("studio", {"network", "storage", "workforce"}),
        ("workflow", {"network", "storage", "studio", "workforce"}),
    ],
)
def test_a_stack_is_destroyed_before_those_that_it_stands_on(stack: str, needed: set[str], dev: Synthesized) -> None:
    manifest = json.loads((dev.folder / "manifest.json").read_text())
    dependencies = manifest["artifacts"][f"kempelen-dev-{stack}"]["dependencies"]
    assert {f"kempelen-dev-{part}" for part in needed} <= set(dependencies)


def test_templates_read_nothing_from_an_account_at_synth(dev: Synthesized) -> None:
    manifest = json.loads((dev.folder / "manifest.json").read_text())
    assert "missing" not in manifest


def test_the_app_stops_with_one_line_when_a_setting_is_wrong() -> None:
    environment = {**os.environ, "CDK_CONTEXT_JSON": json.dumps({"stage": "nowhere"})}
    done = subprocess.run(
        [sys.executable, "app.py"], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "unknown stage 'nowhere'" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_python_without_the_packages_is_named_with_what_to_do() -> None:
    bare = [sys.executable, "-S", "-E", "app.py"]  # no site-packages
    done = subprocess.run(bare, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "pip install -r requirements.txt" in done.stderr
    assert "Traceback" not in done.stderr


def test_cdk_watch_looks_at_all_code_of_functions_and_at_nothing_that_a_synth_makes() -> None:
    watch = json.loads((ROOT / "cdk.json").read_text())["watch"]
    looked = {pattern.removesuffix("/**") for pattern in watch["include"]}
    assert {*LAMBDA_FOLDERS, "app.py", "config", "stacks", "workflows"} == looked
    assert "**/__pycache__" in watch["exclude"]
