"""What a recording's ARNs are about: the physical ids of a deployment's stacks, by which templates can be resolved.

A recording is a folder: `requests.jsonl`, one authorization request a line, and `deployment.json`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

REQUESTS, DEPLOYMENT = "requests.jsonl", "deployment.json"


@dataclass(frozen=True)
class Deployment:
    """`stacks`: by the stack's name and a resource's logical id, what `Ref` gives, CloudFormation's PhysicalResourceId;
    the stack's own by `AWS::StackId`.
    `attributes`: where an attribute (`Domain1234.DomainId`) is not what its kind makes of that id.
    """

    account: str
    region: str
    stacks: Mapping[str, Mapping[str, str]]
    attributes: Mapping[str, Mapping[str, str]]
    partition: str = "aws"


def write_deployment(deployment: Deployment, folder: Path) -> None:
    (folder / DEPLOYMENT).write_text(json.dumps(asdict(deployment), indent=1, sort_keys=True) + "\n", "utf-8")


def read_deployment(folder: Path) -> Deployment:
    """Raises ValueError for a file that is none."""
    file = folder / DEPLOYMENT
    try:
        return Deployment(**json.loads(file.read_text("utf-8")))
    except (OSError, TypeError, ValueError) as error:
        raise ValueError(f"{file} is no deployment: {error}; record again") from error
