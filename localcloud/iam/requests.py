"""What IAM is asked: may this principal do this action on this resource, under these circumstances?

One call of an API may be several requests: CreateLabelingJob with tags and a role asks for
`sagemaker:CreateLabelingJob`, `sagemaker:AddTags` and `iam:PassRole`. Each is one line of a recording (JSON Lines). The
words are those of
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-reqcontext.html.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import TextIO

ContextValue = str | tuple[str, ...]
"""A condition key has one value or several; numbers and truths are text, as policies write them."""


@dataclass(frozen=True)
class AuthorizationRequest:
    """`principal`: the ARN of the role (never of its session), or the name of a service that assumes a role, such as
    `sagemaker.amazonaws.com`. `action`: as policies name it, `s3:PutObject`. `resources`: every ARN that the action is
    asked for, `*` where it has none. `context`: the condition keys that AWS would set. `call`: the API call that asked,
    such as `sagemaker:CreateLabelingJob`. `by`: what made it: a function's name, `states`, `scheduler`, `job`,
    `cloudformation`, `cdk`, `person`.
    """

    principal: str
    action: str
    resources: tuple[str, ...]
    context: Mapping[str, ContextValue] = field(default_factory=dict)
    call: str = ""
    by: str = ""


def write(requests: Iterable[AuthorizationRequest], file: TextIO) -> None:
    """One line each, keys in order."""
    for request in requests:
        file.write(json.dumps(asdict(request), sort_keys=True) + "\n")


def read(lines: Iterable[str]) -> Iterator[AuthorizationRequest]:
    """The inverse of `write`. Raises ValueError for a line that is none, with its number."""
    for number, line in enumerate(lines, 1):
        try:
            value = json.loads(line)
            context = {key: tuple(held) if isinstance(held, list) else held for key, held in value["context"].items()}
            yield AuthorizationRequest(**{**value, "resources": tuple(value["resources"]), "context": context})
        except (KeyError, TypeError, ValueError) as error:
            raise ValueError(f"line {number} is no authorization request: {error}") from error
