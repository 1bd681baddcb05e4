"""A stage as it was synthesized: what its templates name, and what its settings say."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_STACK = "aws:cloudformation:stack"
_IMAGE = re.compile(r"(\d{12})\.dkr\.ecr\.[a-z0-9-]+\.[a-z.]+/([\w-]+):([\w.-]+)")
_MACHINE = re.compile(r"ml\.[a-z0-9]+\.[a-z0-9]+")


class StageError(Exception):
    """There is nothing to verify; the message says what to do."""


@dataclass(frozen=True)
class Resource:
    stack: str
    kind: str
    properties: dict[str, Any]


@dataclass(frozen=True)
class Stage:
    """`settings` are those of config/<stage>.toml as they stand there; `stacks` by name, each with its properties in
    the assembly's manifest."""

    name: str
    region: str
    settings: dict[str, Any]
    stacks: dict[str, dict[str, Any]]
    resources: tuple[Resource, ...]
    text: str

    def of_kind(self, *kinds: str) -> Iterator[Resource]:
        return (resource for resource in self.resources if resource.kind in kinds)

    def setting(self, section: str, name: str, default: Any = None) -> Any:
        return self.settings.get(section, {}).get(name, default)

    @property
    def image(self) -> tuple[str, str, str] | None:
        """Account, repository and tag of the Processing job's image."""
        found = _IMAGE.search(self.text)
        return (found[1], found[2], found[3]) if found else None

    @property
    def machines(self) -> list[str]:
        """The instance types that the workflows start jobs on."""
        texts = (json.dumps(machine.properties) for machine in self.of_kind("AWS::StepFunctions::StateMachine"))
        return sorted({name for text in texts for name in _MACHINE.findall(text)})

    @property
    def backends(self) -> set[str]:
        found = re.findall(r'"LABELERS": "([a-z_,]*)"', self.text)
        return {name for names in found for name in names.split(",") if name}


def load_stage(name: str, assembly: Path, config: Path) -> Stage:
    """Of `cdk synth` of this stage.

    Raises:
        StageError: there is no such assembly, it is another stage's, or there are no settings.
    """
    manifest, file = assembly / "manifest.json", config / f"{name}.toml"
    if not manifest.is_file():
        raise StageError(f"there is no {manifest}: run `cdk synth --quiet -c stage={name}` first")
    if not file.is_file():
        raise StageError(f"unknown stage {name!r}: there is no {config.name}/{file.name}")
    artifacts = json.loads(manifest.read_text(encoding="utf-8"))["artifacts"]
    stacks = {key: one for key, one in artifacts.items() if one["type"] == _STACK}
    if not stacks or not all(key.startswith(f"kempelen-{name}-") for key in stacks):
        raise StageError(f"{assembly} holds another stage: run `cdk synth --quiet -c stage={name}` first")
    region = next(iter(stacks.values()))["environment"].rpartition("/")[2]
    texts = {key: (assembly / one["properties"]["templateFile"]).read_text("utf-8") for key, one in stacks.items()}
    resources = [
        Resource(key, resource["Type"], resource.get("Properties", {}))
        for key, text in texts.items()
        for resource in json.loads(text)["Resources"].values()
    ]
    settings = tomllib.loads(file.read_text(encoding="utf-8"))
    properties = {key: one["properties"] for key, one in stacks.items()}
    return Stage(name, region, settings, properties, tuple(resources), "\n".join(texts.values()))


def resolved(value: Any, region: str, account: str) -> str | None:
    """The text that CloudFormation will make of it; None where only a deployment knows."""
    known = {
        "AWS::Region": region,
        "AWS::AccountId": account,
        "AWS::Partition": "aws",
        "AWS::URLSuffix": "amazonaws.com",
    }
    match value:
        case str():
            return value
        case {"Ref": str(name)}:
            return known.get(name)
        case {"Fn::Join": [str(delimiter), list(parts)]}:
            texts = [resolved(part, region, account) for part in parts]
            return None if None in texts else delimiter.join(text for text in texts if text is not None)
        case _:
            return None
