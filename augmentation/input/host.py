"""This machine among those of a Processing job, as SageMaker's files tell it; or a machine of one's own."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, NamedTuple

from augmentation.errors import UsageError
from augmentation.files import read_text


class Host(NamedTuple):
    """`name` is that of its part of a version; `makes_part`: a job runs it, and other hosts may make other parts.

    `sees_all`: no other host has files that this one does not see. `instance_type` is None where SageMaker does not
    tell it: it decides nothing but whether the report names a price.
    """

    name: str = "local"
    makes_part: bool = False
    sees_all: bool = True
    instance_type: str | None = None

    @classmethod
    def of(cls, config: Path | None) -> Host:
        """By SageMaker's resourceconfig.json and the processingjobconfig.json beside it; None: a machine of one's own.

        Raises:
            UsageError: the file cannot be read, or names no host.
        """
        if config is None:
            return cls()
        found = _content(config)
        name, hosts = found["current_host"], found.get("hosts")
        if not isinstance(name, str) or not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", name):
            raise UsageError(f"{config}: current_host {name!r} is no host name")
        return cls(name, True, isinstance(hosts, list) and len(hosts) == 1, _instance_type(config))


def _content(config: Path) -> dict[str, Any]:
    try:
        found = json.loads(read_text(config, "host configuration"))
        found["current_host"]
    except (ValueError, KeyError, TypeError) as error:
        expected = "a JSON object with `current_host` was expected, as in resourceconfig.json"
        raise UsageError(f"{config}: {expected}") from error
    return dict(found)


def _instance_type(config: Path) -> str | None:
    try:
        text = config.with_name("processingjobconfig.json").read_text(encoding="utf-8")
        found = json.loads(text)["ProcessingResources"]["ClusterConfig"]["InstanceType"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return found if isinstance(found, str) else None


OWN = Host()
