"""What a change of a setting does to a standing stage: templates of both compared, by what CloudFormation can update.

Which properties replace a resource say the resource types' own schemas, which cfn-lint ships: `createOnlyProperties`
always, `conditionalCreateOnlyProperties` perhaps:
https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-schema.html.
"""

from __future__ import annotations

import json
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from aws_cdk import App
from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER

from app import build
from stacks.assets import ROOT, Assets
from stacks.constructs.shared.fixed_settings import fixed
from stacks.settings import Settings
from stacks.settings.loading import load_settings
from tests.infra.settings_cases import CASES, Case

PAGE = ROOT / "docs/settings-changes.md"
GUARDED = {
    "AWS::Cognito::UserPool",
    "AWS::DynamoDB::Table",
    "AWS::KMS::Key",
    "AWS::S3::Bucket",
    "AWS::SageMaker::Domain",
}
"""What holds work of people: no setting may replace or remove it."""
Templates = Mapping[str, dict[str, Any]]


@dataclass
class Effect:
    """Kinds of resources with how many; `held` are replaced or removed ones that another stack imports, of which
    CloudFormation refuses the update. `stacks` are no longer of the app: they stay until somebody destroys them."""

    refused: list[str] = field(default_factory=list)
    made: Counter[str] = field(default_factory=Counter)
    replaced: Counter[str] = field(default_factory=Counter)
    removed: Counter[str] = field(default_factory=Counter)
    updated: Counter[str] = field(default_factory=Counter)
    held: set[str] = field(default_factory=set)
    stacks: list[str] = field(default_factory=list)

    @property
    def endangered(self) -> set[str]:
        """The kinds of GUARDED that would go, though nothing refuses it."""
        if self.refused:
            return set()
        return (set(self.replaced) | set(self.removed)) & GUARDED - self.held


def settings_before(case: Case) -> Settings:
    return Settings.model_validate(_merged(load_settings("dev").model_dump(), case.before))


def settings_after(case: Case) -> Settings:
    values = settings_before(case).model_dump()
    section, _, name = case.setting.partition(".")
    if not name:
        return Settings.model_validate({**values, section: case.value})
    return Settings.model_validate(_merged(values, {section: {name: case.value, **case.with_it}}))


def _merged(values: dict[str, Any], changes: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    return {**values, **{section: {**values[section], **own} for section, own in changes.items()}}


@cache
def templates_of(settings: Settings) -> Templates:
    """By the stack's name."""
    with tempfile.TemporaryDirectory() as folder:
        for name in ("layer", "wheelhouse", "wheelhouse-learning"):
            (Path(folder) / name).mkdir()
            (Path(folder) / name / "README.txt").write_text(name)
        flags = json.loads((ROOT / "cdk.json").read_text())["context"]
        app = App(context=flags, outdir=f"{folder}/cdk.out")
        build(app, settings, Assets(root=ROOT, build=Path(folder), learning=settings.learning.enabled))
        files = Path(app.synth().directory).glob("*.template.json")
        return {file.name.split(".")[0]: json.loads(file.read_text()) for file in files}


def effect_of(case: Case) -> Effect:
    before, after = settings_before(case), settings_after(case)
    was, wanted = fixed(before), fixed(after)
    effect = Effect(refused=sorted(name for name in was if was[name] != wanted[name]))
    old, new = templates_of(before), templates_of(after)
    effect.stacks = sorted(set(old) - set(new))
    for stack in sorted(set(old) | set(new)):
        if stack not in effect.stacks:
            _compare(effect, old.get(stack, {"Resources": {}}), new[stack])
    return effect


def _compare(effect: Effect, old: dict[str, Any], new: dict[str, Any]) -> None:
    exported = json.dumps([value["Value"] for value in old.get("Outputs", {}).values() if "Export" in value])
    for name in sorted(set(old["Resources"]) | set(new["Resources"])):
        one, other = old["Resources"].get(name), new["Resources"].get(name)
        if one == other:
            continue
        kind = (one or other)["Type"]
        if one is None:
            effect.made[kind] += 1
        elif other is None:
            effect.removed[kind] += 1
        elif _replaces(kind, one.get("Properties", {}), other.get("Properties", {})):
            effect.replaced[kind] += 1
        else:
            effect.updated[kind] += 1
            continue
        if one is not None and f'"{name}"' in exported:
            effect.held.add(kind)


def _replaces(kind: str, one: dict[str, Any], other: dict[str, Any]) -> bool:
    return any(_at(one, path) != _at(other, path) for path in _fixed_at_birth(kind))


@cache
def _fixed_at_birth(kind: str) -> tuple[tuple[str, ...], ...]:
    if not kind.startswith("AWS::"):
        return ()
    schema = PROVIDER_SCHEMA_MANAGER.get_resource_schema("us-east-1", kind).schema
    paths = [*schema.get("createOnlyProperties", ()), *schema.get("conditionalCreateOnlyProperties", ())]
    return tuple(tuple(path.split("/")[2:]) for path in paths)


def _at(value: Any, path: tuple[str, ...]) -> Any:
    for part in path:
        value = value.get(part) if isinstance(value, dict) else None
    return value


def page(cases: tuple[Case, ...] = CASES) -> str:
    return _HEAD + "".join(f"{line}\n" for line in rows(cases))


def rows(cases: tuple[Case, ...]) -> Iterator[str]:
    for case in cases:
        effect = effect_of(case)
        yield f"| `{case.setting}` | {_verdict(effect)} | {_details(effect)} |"


def _verdict(effect: Effect) -> str:
    if effect.refused:
        return "**refused**"
    if effect.held:
        return "**CloudFormation refuses**"
    if effect.stacks:
        return "leaves a stack"
    if effect.replaced or effect.removed:
        return "replaces"
    return "in place" if effect.made or effect.updated else "nothing"


def _details(effect: Effect) -> str:
    if effect.refused:
        return "by the storage stack, before anything is changed: destroy the stage, then deploy"
    parts = [f"leaves {', '.join(effect.stacks)}: destroy it by name"] if effect.stacks else []
    if effect.held:
        parts.append(f"other stacks import {_kinds(Counter(dict.fromkeys(effect.held, 1)))}: destroy, then deploy")
    for word in ("replaced", "removed", "made", "updated"):
        counter: Counter[str] = getattr(effect, word)
        if counter:
            parts.append(f"{word}: {_kinds(counter)}")
    return "; ".join(parts)


def _kinds(counter: Counter[str]) -> str:
    """Without numbers, which change with every function that is added."""
    return ", ".join(sorted(kind.removeprefix("AWS::") for kind in counter))


_HEAD = """# What a change of a setting does to a stage that stands

Computed from the templates of a stage before and after one change, and from what CloudFormation's resource schemas say
cannot be updated (`python -m tests.infra.update_settings_changes` writes this page,
`tests/infra/test_settings_changes.py` holds it). The stage is `dev` as shipped, with what the setting needs.

*Refused*: by `Custom::KempelenFixedSettings`, on which all of the storage stack depends. *CloudFormation refuses*: it
does not replace what another stack imports. *Replaces*: the new one is made, then the old one deleted; none holds data:
domain, buckets, tables, user pool and key are never replaced by a setting. *In place*: nothing is lost.

| setting | verdict | what changes |
|---|---|---|
"""
