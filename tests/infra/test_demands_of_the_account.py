"""A boundary and a path of roles, and a qualifier of the bootstrap: asked for by settings, or by CDK's contexts."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import App, Stack
from aws_cdk import aws_iam as iam
from aws_cdk.assertions import Template

from stacks.deployment import meet_demands
from stacks.settings.deployment import DeploymentSettings
from tests.infra.variants import DEMANDING, IAM_PUBLIC, PARTS, Synthesized

Synthesize = Callable[[str], Synthesized]


def roles(made: Synthesized) -> Iterator[tuple[str, dict[str, Any]]]:
    for part in PARTS:
        for name, role in made.resources(part, "AWS::IAM::Role").items() if part in made.templates else ():
            yield f"{part}/{name}", role


def test_every_role_has_the_boundary_and_the_path_those_of_the_cdks_custom_resources_and_of_jobs_included(
    synthesized: Synthesize,
) -> None:
    found = dict(roles(synthesized(DEMANDING)))
    for kind in ("framework", "CustomS3AutoDelete", "ProcessingRole", "LabelingRole", "ExecutionRole", "FlowLog"):
        assert [name for name in found if kind in name], kind
    for name, role in found.items():
        assert ':policy/team-boundary"' in json.dumps(role.get("PermissionsBoundary", "")), name
        assert role["Path"] == "/teams/vision/", name


def test_without_these_settings_no_role_has_them(synthesized: Synthesize) -> None:
    for name, role in roles(synthesized(IAM_PUBLIC)):
        assert not {"PermissionsBoundary", "Path"} & set(role), name


def test_the_qualifier_is_that_of_the_roles_the_bucket_and_the_version_of_the_bootstrap(
    synthesized: Synthesize,
) -> None:
    artifacts = json.loads((synthesized(DEMANDING).folder / "manifest.json").read_text())["artifacts"]
    stacks = [one["properties"] for one in artifacts.values() if one["type"] == "aws:cloudformation:stack"]
    assert len(stacks) == 5
    for stack in stacks:
        assert stack["bootstrapStackVersionSsmParameter"] == "/cdk-bootstrap/team1/version"
        assert "cdk-team1-deploy-role" in stack["assumeRoleArn"]
        assert "cdk-team1-assets" in stack["stackTemplateAssetObjectUrl"]


@pytest.mark.parametrize(
    ("settings", "boundary", "qualifier"),
    [
        (DeploymentSettings(), "typed-boundary", "typed1"),
        (DeploymentSettings(permissions_boundary="ours", qualifier="ours1"), "ours", "ours1"),
    ],
)
def test_the_cdks_own_contexts_count_where_the_settings_say_nothing(
    settings: DeploymentSettings, boundary: str, qualifier: str, tmp_path: Path
) -> None:
    typed = {
        "@aws-cdk/core:permissionsBoundary": {"name": "typed-boundary"},
        "@aws-cdk/core:bootstrapQualifier": "typed1",
    }
    app = App(context=typed, outdir=str(tmp_path))
    meet_demands(app, settings)
    stack = Stack(app, "one")
    iam.Role(stack, "Role", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
    (role,) = Template.from_stack(stack).find_resources("AWS::IAM::Role").values()
    assert f':policy/{boundary}"' in json.dumps(role["Properties"]["PermissionsBoundary"])
    assert stack.synthesizer.bootstrap_qualifier == qualifier
