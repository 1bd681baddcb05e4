"""The example that deploys from GitHub: its YAML, its rights, and the role that it takes on."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from cfnlint import lint_file

ROOT = Path(__file__).resolve().parents[3]
EXAMPLE = ROOT / ".github/workflows/deploy.yml.example"
TEMPLATE = ROOT / "docs/github-deploy-role.yaml"


class _Cfn(yaml.SafeLoader):
    """Takes CloudFormation's short forms for what they hold."""


def _held(loader: yaml.SafeLoader, _: str, node: yaml.Node) -> Any:
    if isinstance(node, yaml.ScalarNode):
        return loader.construct_scalar(node)
    return loader.construct_sequence(node, deep=True) if isinstance(node, yaml.SequenceNode) else None


_Cfn.add_multi_constructor("!", _held)


@pytest.fixture
def workflow() -> dict[Any, Any]:
    return yaml.safe_load(EXAMPLE.read_text())


@pytest.fixture
def role() -> dict[str, Any]:
    return yaml.load(TEMPLATE.read_text(), _Cfn)["Resources"]["Role"]["Properties"]


def test_only_the_job_that_deploys_may_have_a_token_and_nothing_may_write(workflow: dict[Any, Any]) -> None:
    assert workflow["permissions"] == {"contents": "read"}
    assert {name: job["permissions"] for name, job in workflow["jobs"].items()} == {
        "deploy": {"contents": "read", "id-token": "write"}
    }
    assert set(workflow[True]) == {"workflow_dispatch"}  # YAML 1.1 reads `on` as true; never a pull request


def test_it_runs_in_an_environment_and_two_of_a_stage_wait_for_each_other(workflow: dict[Any, Any]) -> None:
    assert workflow["jobs"]["deploy"]["environment"] == "${{ inputs.stage }}"
    assert workflow["concurrency"] == {"group": "deploy-${{ inputs.stage }}", "cancel-in-progress": False}
    stages = {file.stem for file in (ROOT / "config").glob("*.toml")}
    assert set(workflow[True]["workflow_dispatch"]["inputs"]["stage"]["options"]) <= stages


def test_actions_are_pinned_and_no_input_is_put_into_a_script_and_no_key_is_kept(workflow: dict[Any, Any]) -> None:
    steps = workflow["jobs"]["deploy"]["steps"]
    assert all(re.fullmatch(r"[\w-]+/[\w-]+@(v\d+|[0-9a-f]{40})", step["uses"]) for step in steps if "uses" in step)
    assert not [step["run"] for step in steps if "${{" in step.get("run", "")]
    assert "secrets." not in EXAMPLE.read_text()
    shared = yaml.safe_load((ROOT / ".github/workflows/check.yml").read_text())["jobs"]["test"]["steps"]
    checked = {step["uses"] for step in shared if "uses" in step}
    ours = {step["uses"] for step in steps if step.get("uses", "").startswith("actions/")}
    assert ours <= checked  # what CI proves every day


def test_the_role_trusts_one_environment_of_one_repository(role: dict[str, Any]) -> None:
    (statement,) = role["AssumeRolePolicyDocument"]["Statement"]
    assert set(statement["Condition"]) == {"StringEquals"}  # no wildcard can be in it
    conditions = statement["Condition"]["StringEquals"]
    host = "token.actions.githubusercontent.com"
    assert conditions[f"{host}:aud"] == "sts.amazonaws.com"
    assert conditions[f"{host}:sub"] == "repo:${Repository}:environment:${Environment}"


def test_the_role_hands_over_to_the_cdk_and_may_do_no_more(role: dict[str, Any]) -> None:
    (policy,) = role["Policies"]
    (statement,) = policy["PolicyDocument"]["Statement"]
    assert statement["Action"] == "sts:AssumeRole"
    assert all(":role/cdk-${Qualifier}-" in resource and "*" not in resource for resource in statement["Resource"])


def test_the_template_passes_cfn_lint() -> None:
    assert [str(match) for match in lint_file(TEMPLATE)] == []
