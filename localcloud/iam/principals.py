"""`Principal` of a policy that stands at a resource: whom its statement is about.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

_ACCOUNT = re.compile(r"(?:arn:[\w-]+:iam::)?(\d{12})(?::root)?")


def account_of(arn: str) -> str:
    """Empty where the ARN names none, as a bucket's does, and for a service."""
    parts = arn.split(":")
    return parts[4] if len(parts) > 5 else ""


def is_service(principal: str) -> bool:
    return not principal.startswith("arn:")


@dataclass(frozen=True)
class Principals:
    """What stands at `Principal`, or, with `negated`, at `NotPrincipal`.

    `named`: ARNs, services, federated providers; `accounts`: their ids. A role's session is its role here: requests
    name none.
    """

    named: frozenset[str] = frozenset()
    accounts: frozenset[str] = frozenset()
    everyone: bool = False
    negated: bool = False
    written: Any = field(default=None, compare=False)

    def include(self, principal: str) -> bool:
        told = self.everyone or principal in self.named or account_of(principal) in self.accounts
        return told is not self.negated

    def directly(self, principal: str) -> bool:
        """Not by its account: an account that is named lets its own policies decide."""
        return self.include(principal) if self.negated else self.everyone or principal in self.named


def principals(written: Any, *, negated: bool = False) -> Principals:
    """Raises ValueError for what is no principal."""
    if written == "*":
        return Principals(everyone=True, negated=negated, written=written)
    if not isinstance(written, Mapping) or not written.keys() <= {"AWS", "Service", "Federated", "CanonicalUser"}:
        raise ValueError(f"{written!r} is no principal")
    listed = [(kind, one) for kind, given in written.items() for one in ([given] if isinstance(given, str) else given)]
    accounts = {found[1] for kind, one in listed if kind == "AWS" and (found := _ACCOUNT.fullmatch(one))}
    return Principals(
        named=frozenset(one for kind, one in listed if kind != "AWS" or not _ACCOUNT.fullmatch(one)),
        accounts=frozenset(accounts),
        everyone=("AWS", "*") in listed,
        negated=negated,
        written=written,
    )
