"""Everything that takes tags has those of the project and the stage: budgets, sweeps and teardown go by them."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from domain.sweep import owner
from stacks.assets import ROOT
from stacks.naming import PROJECT, STAGE_TAG, Names
from tests.infra.tagged_types import TAG_PROPERTIES, UNTAGGED
from tests.infra.variants import VARIANTS, Synthesized

OURS = {"project": PROJECT, STAGE_TAG: "dev"}


def tags(kind: str, properties: dict[str, Any]) -> dict[str, str]:
    """As the template has them, whatever the type calls them."""
    found = properties.get(TAG_PROPERTIES[kind], {})
    if isinstance(found, dict):
        return {key: str(value) for key, value in found.items()}
    return {tag["Key"]: tag["Value"] for tag in found}


@pytest.mark.parametrize("variant", VARIANTS)
def test_every_resource_that_takes_tags_has_ours(variant: str, synthesized: Callable[[str], Synthesized]) -> None:
    lacking: dict[str, list[str]] = defaultdict(list)
    unknown = set()
    for file in synthesized(variant).template_files:
        for identity, resource in json.loads(file.read_text(encoding="utf-8")).get("Resources", {}).items():
            kind = resource["Type"]
            if kind.startswith("Custom::") or kind in UNTAGGED:
                continue
            if kind not in TAG_PROPERTIES:
                unknown.add(kind)
            elif not OURS.items() <= tags(kind, resource.get("Properties", {})).items():
                lacking[kind].append(identity)
    assert dict(lacking) == {}
    assert unknown == set(), "say in tests/infra/tagged_types.py how it is tagged, or why it is not"


def test_no_type_is_both() -> None:
    assert not set(TAG_PROPERTIES) & set(UNTAGGED)
    assert all(len(reason) > 20 for reason in UNTAGGED.values())


def task_states(machine: dict[str, Any]) -> list[dict[str, Any]]:
    """Of a machine and those within it."""
    states = []
    for state in machine["States"].values():
        states.append(state)
        within = [state["ItemProcessor"]] if "ItemProcessor" in state else state.get("Branches", [])
        states += [one for inner in within for one in task_states(inner)]
    return states


@pytest.mark.parametrize("file", sorted((ROOT / "workflows").glob("*.asl.json")), ids=lambda file: file.name)
def test_jobs_that_workflows_start_have_the_tags(file: Path) -> None:
    starting = [
        state
        for state in task_states(json.loads(file.read_text(encoding="utf-8")))
        if "createProcessingJob" in state.get("Resource", "")
    ]
    assert bool(starting) == (file.name in ("assist.asl.json", "augment.asl.json"))
    for state in starting:
        found = {tag["Key"]: tag["Value"] for tag in state["Arguments"]["Tags"]}
        assert {"project": PROJECT, STAGE_TAG: "${Stage}"}.items() <= found.items()


def test_the_sweep_knows_the_same_tag_and_names_as_the_templates() -> None:
    assert (owner.PROJECT, owner.STAGE_TAG) == (PROJECT, STAGE_TAG)
    names = Names("dev")
    assert all(
        owner.may_be_ours(name) for name in (names.base, names.function("preflight"), names.dashboard, names.job_prefix)
    )
