"""Every variant of the settings is synthesized once a session: starting jsii and building five stacks takes seconds."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from aws_cdk import App, Stack, Validations
from aws_cdk.assertions import Template
from cdk_nag import AwsSolutionsChecks

from app import build
from stacks.assets import ROOT, Assets
from tests.infra.variants import IAM_PUBLIC, PARTS, SSO_PRIVATE, Synthesized, settings_of


@pytest.fixture(scope="session")
def synthesized(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Synthesized]:
    """By the name of a variant."""
    assets = tmp_path_factory.mktemp("build")
    for name in ("layer", "wheelhouse"):
        (assets / name).mkdir()
        (assets / name / "README.txt").write_text("stand-in")

    @cache
    def synthesize(variant: str) -> Synthesized:
        settings = settings_of(variant)
        flags = json.loads((ROOT / "cdk.json").read_text())["context"]
        app = App(context=flags, outdir=str(tmp_path_factory.mktemp("cdk.out")))
        build(app, settings, Assets(root=ROOT, build=assets))
        Validations.of(app).add_plugins(AwsSolutionsChecks(app))
        folder = Path(app.synth().directory)
        stacks = {child.node.id.rsplit("-", 1)[-1]: child for child in app.node.children if isinstance(child, Stack)}
        templates = {part: Template.from_stack(stacks[part]) for part in PARTS if part in stacks}
        return Synthesized(settings, folder, templates)

    return synthesize


@pytest.fixture(scope="session")
def dev(synthesized: Callable[[str], Synthesized]) -> Synthesized:
    return synthesized(IAM_PUBLIC)


@pytest.fixture(scope="session")
def guarded(synthesized: Callable[[str], Synthesized]) -> Synthesized:
    """The variant with every guard on."""
    return synthesized(SSO_PRIVATE)
