"""Recordings: as the local cloud made them, and as they are kept in the repository.

A kept one (`*.jsonl.gz`) tells of a deployment that there never was, the one that `physical.invented` makes of the
templates; so it holds while names of construct trees do, and does not depend on physical ids, accounts and digests.
"""

from __future__ import annotations

import gzip
import io
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from localcloud.iam.deployment import REQUESTS, Deployment
from localcloud.iam.requests import AuthorizationRequest, read, write
from scripts.iam_proof.intrinsics import Templates
from scripts.iam_proof.physical import NAMED, invented

ACCOUNT, REGION = "123456789012", "us-east-1"
_ASSET = re.compile(r"\b[0-9a-f]{64}\b")
# Of an object's key its first step and how it ends.
_KEY = re.compile(r"(arn:aws:s3:::[^/\"]+/[^/\"]+/)[^\"]*?(\.[a-z.]+)?(?=\")")
# Parts of names that differ from run to run: digests, times, counters.
_VARYING = re.compile(r"[0-9a-f]{8,}|[0-9]+(?:[-T:.][0-9]+)*Z?|(?<=-)[a-z0-9]{6,12}(?=[/:]|$)")


def without_digests(text: str) -> str:
    """The digests of CDK's assets, in templates and requests alike: what is in a file is nothing to its rights."""
    return _ASSET.sub("asset", text)


def templates_of(folder: Path, account: str = ACCOUNT) -> Templates:
    """Those of a cloud assembly, with `ACCOUNT` for its account. Raises ValueError where there is none."""
    files = sorted(folder.glob("*.template.json"))
    if not files:
        raise ValueError(f"{folder} has no templates: run `make synth`")
    texts = {file.name.split(".")[0]: without_digests(file.read_text("utf-8")) for file in files}
    return {stack: json.loads(text.replace(account, ACCOUNT)) for stack, text in texts.items()}


def recorded(folder: Path) -> list[AuthorizationRequest]:
    """Raises ValueError, which names the line that is none."""
    return list(read(without_digests((folder / REQUESTS).read_text("utf-8")).splitlines()))


def kept(file: Path) -> list[AuthorizationRequest]:
    return list(read(gzip.decompress(file.read_bytes()).decode("utf-8").splitlines()))


def keep(requests: Iterable[AuthorizationRequest], file: Path) -> None:
    """The same requests give the same bytes."""
    text = io.StringIO()
    write(requests, text)
    file.write_bytes(gzip.compress("".join(sorted(text.getvalue().splitlines(keepends=True))).encode("utf-8"), mtime=0))


def retold(
    requests: Iterable[AuthorizationRequest], deployment: Deployment, templates: Templates
) -> list[AuthorizationRequest]:
    """Of the deployment that there never was, and each kind of request once."""
    other = invented(ACCOUNT, REGION, templates)
    names = dict(sorted(_renamed(deployment, other, templates), key=lambda pair: -len(pair[0])))
    names[deployment.account] = ACCOUNT
    pattern = re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, names))})(?![\w])|{deployment.account}")
    told = (_mapped(request, lambda text: pattern.sub(lambda found: names[found[0]], text)) for request in requests)
    return list({kind(request): request for request in told}.values())


def _renamed(deployment: Deployment, other: Deployment, templates: Templates) -> Iterator[tuple[str, str]]:
    for stack, template in templates.items():
        for logical, resource in template["Resources"].items():
            physical = deployment.stacks.get(stack, {}).get(logical)
            if physical and resource["Type"] in NAMED and physical != other.stacks[stack][logical]:
                yield _end(physical), _end(other.stacks[stack][logical])


def _end(ref: str) -> str:
    """The name in it, which is what ARNs of it share."""
    return re.split(r"[:/]", ref)[-1]


def _mapped(request: AuthorizationRequest, change: Any) -> AuthorizationRequest:
    (line,) = read([change(json.dumps(asdict(request)))])
    return line


def kind(request: AuthorizationRequest) -> str:
    """What is the same of requests that differ only by a run's own names."""
    told = [request.principal, request.action, request.resources, sorted(request.context.items())]
    return _VARYING.sub("#", _KEY.sub(r"\1#\2", json.dumps(told)))


def pairs(requests: Iterable[AuthorizationRequest]) -> set[tuple[str, str]]:
    """Who does what, by the role's name as templates have it."""
    return {(request.principal.rsplit("/", 1)[-1], request.action) for request in requests}
