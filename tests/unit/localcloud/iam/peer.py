"""Random policies and requests, decided by ours and by ministack's evaluator.

Runs in .venv-localcloud, as a process: takes a seed, a count, and what of the things beside may occur in which the two
are known to differ; prints one line of JSON a difference.
"""

from __future__ import annotations

import json
import random
import sys
from typing import Any

from ministack.core import iam_evaluator as theirs

from localcloud.iam.evaluation import decide
from localcloud.iam.policies import StoredPolicies, policy
from localcloud.iam.requests import AuthorizationRequest

ACCOUNTS = ("123456789012", "999999999999")
ROLE = f"arn:aws:iam::{ACCOUNTS[0]}:role/any"
SESSION = f"arn:aws:sts::{ACCOUNTS[0]}:assumed-role/any/session"
ACTIONS = ("s3:GetObject", "s3:PutObject", "sqs:SendMessage")
ACTION_PATTERNS = (*ACTIONS, "s3:*", "S3:get*", "*", "s3:???Object", "sqs:Send*")
NAMES = ("alpha", "alpha/one", "Alpha/one", "beta:two", "beta/two/three")
NAME_PATTERNS = (*NAMES, "*", "alpha*", "?lpha/*", "beta:*", "*/three", "a*/o?e")
VARIABLES = ("${any:name}", "${any:name, 'beta'}*")
PRINCIPALS: tuple[Any, ...] = (
    *("*", {"AWS": "*"}, {"AWS": ROLE}, {"AWS": f"{ROLE}-other"}, {"AWS": f"arn:aws:iam::{ACCOUNTS[0]}:root"}),
    *({"AWS": ACCOUNTS[0]}, {"AWS": [ACCOUNTS[1], ROLE]}, {"Service": "sns.amazonaws.com"}),
)
VALUES = {
    "String": ("alpha", "ALPHA", "beta", "al*"),
    "Numeric": ("1", "2.0", "2"),
    "Date": ("2020-01-01T00:00:00Z", "2020-06-01T00:00:00Z", "1577836800"),
    "Bool": ("true", "false", "True"),
    "Ip": ("203.0.113.7", "203.0.113.0/24", "198.51.100.1"),
    "Arn": ("arn:aws:sns:us-east-1:123456789012:a", "arn:aws:sns:*:*:a*"),
}
UNREADABLE, ACROSS_PARTS = ("Numeric", "x"), ("Arn", "arn:*:a")
OPERATORS = {
    "String": ("StringEquals", "StringNotEquals", "StringEqualsIgnoreCase", "StringLike", "StringNotLike"),
    "Numeric": ("NumericEquals", "NumericNotEquals", "NumericLessThan", "NumericGreaterThanEquals"),
    "Date": ("DateEquals", "DateNotEquals", "DateLessThan", "DateGreaterThanEquals"),
    "Bool": ("Bool",),
    "Ip": ("IpAddress", "NotIpAddress"),
    "Arn": ("ArnEquals", "ArnLike", "ArnNotLike"),
}


class Chance:
    """What is drawn, by one seed."""

    def __init__(self, seed: int, beside: frozenset[str]) -> None:
        self.random = random.Random(seed)
        self.beside = beside
        self.names = NAME_PATTERNS + (VARIABLES if "variables" in beside else ())
        odd = {"unreadable": UNREADABLE, "across parts": ACROSS_PARTS}
        more = dict(odd[name] for name in beside & odd.keys())
        self.values = {kind: (*given, more[kind]) if kind in more else given for kind, given in VALUES.items()}

    def some(self, among: tuple[Any, ...], most: int = 2) -> Any:
        drawn = [self.random.choice(among) for _ in range(self.random.randint(1, most))]
        return drawn if len(drawn) > 1 else drawn[0]

    def arn(self, names: tuple[str, ...]) -> str:
        return f"arn:aws:sqs:us-east-1:{ACCOUNTS[0]}:{self.random.choice(names)}"

    def document(self, *, of_resource: bool) -> dict[str, Any]:
        statements = [self.statement(of_resource) for _ in range(self.random.randint(1, 3))]
        return {"Version": "2012-10-17", "Statement": statements}

    def statement(self, of_resource: bool) -> dict[str, Any]:
        arns = tuple(self.arn(self.names) for _ in range(3))
        made: dict[str, Any] = {
            "Effect": self.random.choice(("Allow", "Allow", "Allow", "Deny")),
            self.random.choice(("Action", "Action", "Action", "NotAction")): self.some(ACTION_PATTERNS),
            self.random.choice(("Resource", "Resource", "Resource", "NotResource")): self.some((*arns, "*")),
        }
        if of_resource:
            kinds = ("Principal", "NotPrincipal") if "NotPrincipal" in self.beside else ("Principal",)
            made[self.random.choice(kinds)] = self.random.choice(PRINCIPALS)
        if self.random.random() < 0.6:
            made["Condition"] = self.condition()
        return made

    def condition(self) -> dict[str, Any]:
        kind = self.random.choice(tuple(OPERATORS))
        operator = self.random.choice(OPERATORS[kind])
        shape = self.random.choice(("{}", "{}", "{}IfExists", "ForAllValues:{}", "ForAnyValue:{}", "Null"))
        written = self.random.choice(("true", "false")) if shape == "Null" else self.some(self.values[kind])
        return {shape.format(operator): {f"any:{kind}": written}}

    def context(self) -> dict[str, Any]:
        kept = [kind for kind in self.values if self.random.random() < 0.6]
        context: dict[str, Any] = {f"any:{kind}": self.random.choice(self.values[kind]) for kind in kept}
        if kept and "several" in self.beside:
            context[f"any:{kept[0]}"] = self.values[kept[0]][:2]
        if self.random.random() < 0.5:
            context["any:name"] = "alpha"
        return context


def ours(case: dict[str, Any]) -> bool:
    def read(name: str) -> Any:
        return policy(name, case[name])

    stored = StoredPolicies(
        identities={ROLE: [read("identity")]},
        boundaries={ROLE: read("boundary")} if "boundary" in case else {},
        resources={case["arn"]: read("resource")} if "resource" in case else {},
    )
    return decide(AuthorizationRequest(ROLE, case["action"], (case["arn"],), case["context"]), stored).allowed


def peers(case: dict[str, Any]) -> bool:
    given = {key.lower(): list(value) if isinstance(value, tuple) else value for key, value in case["context"].items()}
    context = theirs.EvalContext(
        SESSION, "AssumedRole", ACCOUNTS[0], case["action"], case["arn"], "us-east-1", service_context=given
    )
    limits = [[theirs.parse_policy_document(case["boundary"])]] if "boundary" in case else []
    result = theirs.evaluate(context, [theirs.parse_policy_document(case["identity"])], *limits)
    if "resource" in case:
        owner = ACCOUNTS[0]
        result = theirs.combine_resource_policy(result, context, case["resource"], owner, limits=tuple(limits))
    return result.decision == "Allow"


def case(chance: Chance) -> dict[str, Any]:
    drawn = {
        "arn": chance.arn(NAMES),
        "action": chance.random.choice(ACTIONS),
        "context": chance.context(),
        "identity": chance.document(of_resource=False),
    }
    if chance.random.random() < 0.3:
        drawn["boundary"] = chance.document(of_resource=False)
    if chance.random.random() < 0.5:
        drawn["resource"] = chance.document(of_resource=True)
    return drawn


def main(seed: int, count: int, beside: frozenset[str]) -> None:
    chance = Chance(seed, beside)
    allowed = 0
    for _ in range(count):
        drawn = case(chance)
        allowed += ours(drawn)
        if ours(drawn) != peers(drawn):
            sys.stdout.write(json.dumps(drawn | {"ours": ours(drawn)}, sort_keys=True) + "\n")
    sys.stdout.write(json.dumps({"allowed": allowed}) + "\n")


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), frozenset(sys.argv[3:]))
