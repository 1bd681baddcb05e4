"""`docs/permissions.md` and the templates: each row is granted, each grant explained, each call has its right."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from fnmatch import fnmatchcase
from pathlib import Path
from typing import NamedTuple

import botocore.session
import pytest
from botocore import xform_name

from stacks.assets import ROOT
from tests.infra import variants
from tests.infra.grants import Grant, grants
from tests.infra.variants import (
    AUTOMATED,
    CUSTOM_CODE,
    IN_LABEL_STUDIO,
    IN_PORTAL,
    LABEL_STUDIO_GUARDED,
    PORTAL_GUARDED,
    Synthesized,
)

PAGE = ROOT / "docs" / "permissions.md"
OWN_KEY, OWN_CODE, PORTAL = "## With a key of your own", "## With code of your own", "## In our own portal"
PORTAL_KEY = f"{PORTAL}, with a key of your own"
LABEL_STUDIO, MODEL = "## In Label Studio", "## With automated labeling"
BY_ITSELF = "## By itself"
HARD_STOP = "## With a hard stop"
SECTIONS = (
    OWN_KEY,
    OWN_CODE,
    MODEL,
    PORTAL,
    PORTAL_KEY,
    LABEL_STUDIO,
    f"{LABEL_STUDIO}, with a key of your own",
    BY_ITSELF,
    f"{BY_ITSELF}, with a vendor's workteam",
    HARD_STOP,
)
CODE = ("adapters", "labelers", "lambdas")
WITH_PEOPLES_OWN = ("adapters/price_list.py", "adapters/sweep/*")
"""What no function calls, but a person who types a command: the page lists it apart."""
SERVICES = {
    "cloudwatch": "cloudwatch",
    "cognito-idp": "cognito-idp",
    "dynamodb": "dynamodb",
    "ec2": "ec2",
    "events": "events",
    "efs": "elasticfilesystem",
    "logs": "logs",
    "s3": "s3",
    "sagemaker": "sagemaker",
    "scheduler": "scheduler",
    "secretsmanager": "secretsmanager",
    "service-quotas": "servicequotas",
    "stepfunctions": "states",
}
# Operations whose action has another name: the pages S and D.
ACTIONS = {
    "s3:HeadObject": "s3:GetObject",
    "s3:ListObjectsV2": "s3:ListBucket",
    "s3:ListBuckets": "s3:ListAllMyBuckets",
    "s3:GetBucketCors": "s3:GetBucketCORS",
    "s3:DeleteObjects": "s3:DeleteObject",
    "dynamodb:TransactWriteItems": "dynamodb:ConditionCheckItem",
}


SAME_NAME = {f"events:{what}Endpoint" for what in ("Delete", "Describe")} | {
    "events:ListEndpoints",
    *(f"{prefix}:ListTagsForResource" for prefix in ("cognito-idp", "elasticfilesystem", "events", "scheduler")),
    *(f"{prefix}:ListTagsForResource" for prefix in ("servicequotas", "states")),
}
"""Operations of other services with the name of one that is called."""
OF_NOBODY = {"list_objects", "search"}  # our own store's and re's


class Row(NamedTuple):
    who: tuple[str, ...]
    may: tuple[str, ...]
    on: tuple[str, ...]

    def resources(self, role: str) -> Iterator[str]:
        return (resource.replace("{own}", role.removesuffix("Role")) for resource in self.on)

    def explains(self, grant: Grant) -> bool:
        return (
            any(fnmatchcase(grant.role, who) for who in self.who)
            and grant.action in self.may
            and any(_is(grant.resource, resource) for resource in self.resources(grant.role))
        )


def _is(resource: str, told: str) -> bool:
    return fnmatchcase(resource, told[1:]) if told.startswith("~") else resource == told


def rows(text: str) -> list[Row]:
    cells = ([cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line[:3] == "| `")
    found = [[tuple(re.findall(r"`([^`]+)`", cell)) for cell in row[:3]] + row[3:] for row in cells]
    assert all(len(row) == 5 and row[3] and re.fullmatch(r"[A-Z](, [A-Z])*", row[4]) for row in found), "no source"
    return [Row(*row[:3]) for row in found]


def missing(told: list[Row], granted: set[Grant]) -> list[str]:
    """Rows, or parts of them, that no policy grants."""
    roles = {grant.role for grant in granted}
    resources: dict[tuple[str, str], list[str]] = defaultdict(list)
    for grant in granted:
        resources[grant.role, grant.action].append(grant.resource)
    return [
        f"{role}: {action} on {resource}"
        for row in told
        for who in row.who
        for role in sorted(role for role in roles if fnmatchcase(role, who)) or [f"(no role {who})"]
        for action in row.may
        for resource in row.resources(role)
        if not any(_is(one, resource) for one in resources[role, action])
    ]


class Page(NamedTuple):
    """Rows that hold always, of a stage with a key of its own, of one that runs code of its people's own, of one
    with automated labeling and such a key, and of one that labels in our portal or in Label Studio, without and with
    such a key, or in whatever can be used, and of one that stops when its budget is spent."""

    always: list[Row]
    own_key: list[Row]
    own_code: list[Row]
    automated: list[Row]
    portal: list[Row]
    portal_key: list[Row]
    label_studio: list[Row]
    label_studio_key: list[Row]
    by_itself: list[Row]
    by_itself_key: list[Row]
    hard_stop: list[Row]


@pytest.fixture(scope="module")
def page() -> Page:
    found = re.split(f"^(?:{'|'.join(SECTIONS)})$", PAGE.read_text("utf-8"), flags=re.M)
    return Page(*map(rows, found))


@pytest.fixture(scope="module")
def stages(dev: Synthesized, guarded: Synthesized, synthesized: Callable[[str], Synthesized]) -> dict[str, set[Grant]]:
    """What is granted in the stage by which each section is tested."""
    tested = {
        "own_code": CUSTOM_CODE,
        "automated": AUTOMATED,
        "portal": IN_PORTAL,
        "portal_key": PORTAL_GUARDED,
        "label_studio": IN_LABEL_STUDIO,
        "label_studio_key": LABEL_STUDIO_GUARDED,
        "by_itself": variants.BY_ITSELF,
        "by_itself_key": variants.BY_ITSELF_GUARDED,
        "hard_stop": variants.HARD_STOP,
    }
    made = {"always": dev, "own_key": guarded} | {name: synthesized(variant) for name, variant in tested.items()}
    return {name: set(grants(stage)) for name, stage in made.items()}


def test_every_row_is_granted(page: Page, stages: dict[str, set[Grant]]) -> None:
    for section, told in page._asdict().items():
        assert missing(told, stages[section]) == [], section


EXPLAINED = {
    "always": ("always",),
    "own_key": ("always", "own_key"),
    "own_code": ("always", "own_code"),
    "automated": ("always", "own_key", "automated"),
    "portal": ("always", "portal"),
    "portal_key": ("always", "own_key", "portal", "portal_key"),
    "label_studio": ("always", "label_studio"),
    "label_studio_key": ("always", "own_key", "label_studio", "label_studio_key"),
    "by_itself": ("always", "portal", "by_itself"),
    "hard_stop": ("always", "hard_stop"),
    "by_itself_key": (
        *("always", "own_key", "portal", "portal_key"),
        *("label_studio", "label_studio_key", "by_itself", "by_itself_key"),
    ),
}


def test_every_grant_is_explained(page: Page, stages: dict[str, set[Grant]]) -> None:
    for stage, sections in EXPLAINED.items():
        told = [row for section in sections for row in page._asdict()[section]]
        assert [grant for grant in stages[stage] if not any(row.explains(grant) for row in told)] == [], stage


def test_what_only_code_of_ones_own_needs_is_granted_only_with_it(page: Page, stages: dict[str, set[Grant]]) -> None:
    more = stages["own_code"] - stages["always"]
    assert missing(page.own_code, more) == []
    assert [grant for grant in more if not any(row.explains(grant) for row in page.own_code)] == []
    assert missing(page.own_code, stages["always"])


def test_a_right_that_gets_lost_and_one_that_grows_are_seen(page: Page, stages: dict[str, set[Grant]]) -> None:
    granted = stages["always"]
    for grant in sorted(granted):
        if "Provider" not in grant.role:  # CDK's, which are told by a pattern
            assert missing(page.always, granted - {grant}), grant
    # Beside a workforce that one invites.
    several = [row for row in (*page.portal, *page.by_itself) if row.who != ("FunctionsinviteworkersRole",)]
    for section, told in (("portal", page.portal), ("label_studio", page.label_studio), ("by_itself", several)):
        for grant in sorted(stages[section] - granted):
            if "Provider" not in grant.role and not grant.action.startswith(("logs:", "xray:")):  # by a pattern, too
                assert missing(told, stages[section] - {grant}), grant
    wide = Grant("FunctionsbeginaugmentationRole", "s3:PutObject", "Data/*")
    assert not any(row.explains(wide) for part in page for row in part)


def calls() -> set[str]:
    """Names of methods that are called in the code of the functions."""
    files = [path for folder in CODE for path in (ROOT / folder).rglob("*.py") if not _is_peoples(path)]
    return {name for path in files for name in _called(path)}


def _is_peoples(path: Path) -> bool:
    return any(fnmatchcase(path.relative_to(ROOT).as_posix(), pattern) for pattern in WITH_PEOPLES_OWN)


def peoples_actions() -> set[str]:
    """Actions of the calls `place.pages("ec2", "describe_volumes", …)` and the like, and of tables of them."""
    session, found = botocore.session.get_session(), set()
    prefixes = {**SERVICES, "cloudformation": "cloudformation", "kms": "kms", "sts": "sts", "pricing": "pricing"}
    called = {name for path in (ROOT / "adapters").rglob("*.py") if _is_peoples(path) for name in _words(path)}
    for service, prefix in prefixes.items():
        names = {xform_name(operation): operation for operation in session.get_service_model(service).operation_names}
        for name in called & set(names):
            action = f"{prefix}:{names[name]}"
            found.add(ACTIONS.get(action, action))
    return found


def _words(path: Path) -> Iterator[str]:
    """Texts and attributes: of a call in a table of names, only the text is there."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
        elif isinstance(node, ast.Attribute):
            yield node.attr


def test_the_page_lists_what_people_need_for_the_sweep_and_the_prices() -> None:
    told = PAGE.read_text("utf-8").partition("## With your own credentials")[2].partition("\n## ")[0]
    listed = set(re.findall(r"`([a-z0-9-]+:[A-Za-z0-9]+)`", told))
    needed = peoples_actions() - SAME_NAME
    assert {"ec2:DescribeNatGateways", "sagemaker:DeleteEndpoint", "pricing:GetProducts"} < needed
    assert listed == needed | {"sts:GetCallerIdentity"}


def _called(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Attribute):
                yield node.func.attr
            # entries(client, "list_apps", …) and get_paginator("list_objects_v2")
            yield from (one.value for one in node.args if isinstance(one, ast.Constant) and isinstance(one.value, str))


def test_every_call_of_the_code_has_its_right(page: Page) -> None:
    told = {action for section in page for row in section for action in row.may}
    session, called = botocore.session.get_session(), calls() - OF_NOBODY
    unknown = []
    for name in sorted(called):
        operations = {
            f"{prefix}:{operation}"
            for service, prefix in SERVICES.items()
            for operation in session.get_service_model(service).operation_names
            if xform_name(operation) == name
        }
        if operations and not {ACTIONS.get(operation, operation) for operation in operations} & told:
            unknown.append(name)
    assert {"create_labeling_job", "list_apps", "list_objects_v2", "transact_write_items"} < called
    assert unknown == []
