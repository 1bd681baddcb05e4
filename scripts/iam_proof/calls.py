"""What AWS does on our behalf, by our roles and with our resources: `on_our_behalf.toml`, from AWS's pages.

The local cloud makes none of these calls, so nothing records them. In `on`, `{Data}` is the ARN of the resource with
that logical id (without CDK's hash; a shell pattern), `{Data.ref}` what `Ref` gives, `{account}`, `{region}` and
`{partition}` are the deployment's, and `<own>` is the name of the role without its `Role`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import partial
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

    def filled(self, text: str) -> list[str]:
        """One for each resource that `{…}` means, a shell pattern. Raises KeyError for what the stage does not have."""
        found = re.search(r"\{([\w.*?]+)\}", text)
        if not found:
            return [text]
        before, after = text[: found.start()], text[found.end() :]
        return [f"{before}{value}{rest}" for value in self.values(found[1]) for rest in self.filled(after)]

    def values(self, word: str) -> list[str]:
        if word in ("account", "region", "partition"):
            return [str(getattr(self.stage.deployment, word))]
        name, _, attribute = word.partition(".")
        physical = Physical(self.templates, self.stage.deployment)
        places = [(stack, logical) for stack, template in self.templates.items() for logical in template["Resources"]]
        of = physical.ref if attribute else partial(_arn, physical)
        found = [of(stack, logical) for stack, logical in places if fnmatchcase(Plain().ref(stack, logical), name)]
        if not found:
            raise KeyError(name)
        return found

    def principals(self, who: str) -> list[tuple[str, str]]:
        """ARNs and names of the roles that match, or the service."""
        if "." in who:
            return [(who, who)]
        return [(arn, name) for arn, name in self.stage.roles.items() if fnmatchcase(name, who)]


def _arn(physical: Physical, stack: str, logical: str) -> str:
    try:
        return physical.attribute(stack, logical, "Arn")
    except UnknownAttributeError:
        return physical.ref(stack, logical)


def on_our_behalf(names: Names, file: Path = FILE) -> list[AuthorizationRequest]:
    """Each call with each of its actions and resources. Raises ValueError for an entry without a source, and for one
    that is about nothing in the stage, unless it says that it is `optional`.
    """
    return [request for entry in _read(file)["call"] for request in _of(entry, names, file.name)]


def _read(file: Path) -> dict[str, list[dict[str, Any]]]:
    return tomllib.loads(file.read_text("utf-8"))


def _of(entry: dict[str, Any], names: Names, file: str) -> list[AuthorizationRequest]:
    if not entry.get("source", "").startswith("https://docs.aws.amazon.com/") or not entry.get("for"):
        raise ValueError(f"{file}: {entry} does not say what for, and where AWS documents it")
    try:
        made = list(_requests(entry, names))
    except KeyError as error:
        made, missing = [], str(error)
    else:
        missing = f"role {' or '.join(entry['who'])}"
    if not made and not entry.get("optional"):
        raise ValueError(f"{file}: the stage has no {missing}, and still: {entry['for']}")
    return made


def _requests(entry: dict[str, Any], names: Names) -> Iterator[AuthorizationRequest]:
    context = {key: names.filled(value)[0] for key, value in entry.get("context", {}).items()}
    for who, action, on in product(entry["who"], entry["may"], entry["on"]):
        for principal, name in names.principals(who):
            for resource in names.filled(on.replace("<own>", name.removesuffix("Role"))):
                yield AuthorizationRequest(principal, action, (resource,), context, by="aws")


def elsewhere(names: Names, file: Path = FILE) -> dict[str, Policy]:
    """Policies of resources that no stack of the stage has, as AWS and CDK say that they are."""
    found = {}
    for entry in _read(file).get("elsewhere", []):
        (principal,) = names.filled(entry["to"])
        for arn in (one for resource in entry["resources"] for one in names.filled(resource)):
            who = principal if principal == "*" else {"Service" if "." in principal else "AWS": principal}
            allows = {"Effect": "Allow", "Principal": who, "Action": entry["allows"], "Resource": "*"}
            found[arn] = policy(f"elsewhere: {arn}", {"Version": "2012-10-17", "Statement": allows})
    return found
