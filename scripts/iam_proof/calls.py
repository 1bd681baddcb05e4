"""What AWS does on our behalf, by our roles and with our resources: `on_our_behalf.toml`, from AWS's pages.

The local cloud makes none of these calls, so nothing records them. `{Data}` is the ARN of the resource with that
logical id (without CDK's hash), `{Data.ref}` what `Ref` gives, `{account}` and `{region}` are the deployment's.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

from localcloud.iam.policies import Policy, policy
from localcloud.iam.requests import AuthorizationRequest
from scripts.iam_proof.intrinsics import Physical, Plain, Templates
from scripts.iam_proof.physical import UnknownAttributeError
from scripts.iam_proof.stage import Stage

FILE = Path(__file__).with_name("on_our_behalf.toml")


@dataclass(frozen=True)
class Names:
    """ARNs of a deployment by what people call its resources."""

    templates: Templates
    stage: Stage

    def filled(self, text: str) -> str:
        """Raises KeyError for a resource that the stage does not have."""
        return re.sub(r"\{([\w.]+)\}", lambda found: self.value(found[1]), text)

    def value(self, word: str) -> str:
        deployment = self.stage.deployment
        if word in ("account", "region", "partition"):
            return str(getattr(deployment, word))
        name, _, attribute = word.partition(".")
        physical = Physical(self.templates, deployment)
        for stack, template in self.templates.items():
            for logical in template["Resources"]:
                if Plain().ref(stack, logical) == name:
                    return physical.ref(stack, logical) if attribute else self._arn(physical, stack, logical)
        raise KeyError(name)

    def _arn(self, physical: Physical, stack: str, logical: str) -> str:
        try:
            return physical.attribute(stack, logical, "Arn")
        except UnknownAttributeError:
            return physical.ref(stack, logical)


def on_our_behalf(names: Names, file: Path = FILE) -> Iterator[AuthorizationRequest]:
    """Each call with each of its actions and resources; of those that name what the stage does not have, none.

    Raises ValueError for an entry without a source.
    """
    for entry in tomllib.loads(file.read_text("utf-8"))["call"]:
        if not entry.get("source", "").startswith("https://docs.aws.amazon.com/"):
            raise ValueError(f"{file.name}: {entry} does not say where AWS documents it")
        try:
            yield from _requests(entry, names)
        except KeyError as error:
            if not entry.get("optional"):
                raise ValueError(f"{file.name}: the stage has no {error}, which {entry['by']} needs") from error


def _requests(entry: dict[str, Any], names: Names) -> Iterator[AuthorizationRequest]:
    principals = [one if "." in one else names.value(one) for one in entry["principals"]]
    context = {key: names.filled(value) for key, value in entry.get("context", {}).items()}
    for principal, action, resource in product(principals, entry["actions"], entry["resources"]):
        yield AuthorizationRequest(principal, action, (names.filled(resource),), context, by=entry["by"])


def theirs(names: Names, file: Path = FILE) -> dict[str, Policy]:
    """Policies of resources in AWS's own accounts, as AWS says that they let us in."""
    return {
        arn: policy(f"AWS: {arn}", {"Statement": {"Effect": "Allow", "Principal": "*", **entry["allows"]}})
        for entry in tomllib.loads(file.read_text("utf-8")).get("theirs", [])
        for arn in [names.filled(entry["resource"])]
    }
