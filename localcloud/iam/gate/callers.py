"""Who calls: the role whose session signed the request, or that of the state machine whose task it is."""

from __future__ import annotations

import contextlib
import contextvars
import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ministack.core import lambda_runtime
from ministack.services import iam, sts

from localcloud import presigned

_ROLE = re.compile(r"arn:[^:]+:sts::(\d{12}):assumed-role/([^/]+)/(.+)")


@dataclass(frozen=True)
class Caller:
    """`principal`: the role's ARN, or a service's name; `session`: as a refusal names it; `by`: what of ours it is."""

    principal: str
    session: str
    by: str


_CURRENT: contextvars.ContextVar[Caller | None] = contextvars.ContextVar("caller", default=None)


def register() -> None:
    """Functions get a session of their own role, signed with the secret by which the endpoint knows addresses."""
    lambda_runtime.execution_credentials = _of_own_role


@contextlib.contextmanager
def calling(caller: Caller | None) -> Iterator[None]:
    """What is called meanwhile, in this thread or task and in those that take its context over, is called by it."""
    token = _CURRENT.set(caller)
    try:
        yield
    finally:
        _CURRENT.reset(token)


def begin(caller: Caller) -> None:
    """From here on, in this thread."""
    _CURRENT.set(caller)


def current() -> Caller | None:
    return _CURRENT.get()


def of_access_key(key: str) -> Caller | None:
    """None for the account's administrator, and for whoever shows no credentials."""
    session = sts._sessions.get(key) or {}
    found = _ROLE.fullmatch(session.get("Arn", ""))
    if not found:
        return None
    role = iam._roles.get(found[2]) or {}
    principal = role.get("Arn") or f"arn:aws:iam::{found[1]}:role/{found[2]}"
    return Caller(principal, session["Arn"], session.get("KempelenBy") or _kind(found[2]))


def of_role(arn: str, session: str, by: str) -> Caller:
    account, name = arn.split(":")[4], arn.rsplit("/", 1)[-1]
    return Caller(arn, f"arn:aws:sts::{account}:assumed-role/{name}/{session}", by)


def of_service(name: str) -> Caller:
    return Caller(name, name, name.split(".")[0])


def _kind(role: str) -> str:
    """Roles of `cdk bootstrap` begin with its qualifier; whom else STS gave a session, a job has it."""
    return "cdk" if role.startswith("cdk-") else "job"


def _of_own_role(config: Mapping[str, Any]) -> dict[str, str]:
    """The same for each start of a function, so that sessions do not pile up."""
    role, name = config["Role"], config["FunctionName"]
    key = f"ASIA{hashlib.sha256(config['FunctionArn'].encode()).hexdigest()[:16].upper()}"
    session = of_role(role, name[:64], name).session
    sts.register_session(key, {"Arn": session, "UserId": f"{role}:{name}", "KempelenBy": name})
    return {"AWS_ACCESS_KEY_ID": key, "AWS_SECRET_ACCESS_KEY": presigned.SECRET, "AWS_SESSION_TOKEN": key.lower()}
