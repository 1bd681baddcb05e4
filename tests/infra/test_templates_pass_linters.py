"""Templates of every variant against cfn-lint and cdk-nag, and those of some against what was reviewed."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from cfnlint import lint_file

from tests.infra.snapshots import FOLDER, REVIEWED, reviewed
from tests.infra.variants import (
    BY_ITSELF,
    BY_ITSELF_GUARDED,
    HARD_STOP,
    IAM_PUBLIC,
    IN_LABEL_STUDIO,
    IN_PORTAL,
    PORTAL_GUARDED,
    SSO_PRIVATE,
    VARIANTS,
    Synthesized,
)

_COMMON = ("network", "storage", "workflow")


@pytest.mark.parametrize("variant", VARIANTS)
def test_no_security_finding_is_left_without_a_reason(variant: str, synthesized: Callable[[str], Synthesized]) -> None:
    reports = synthesized(variant).security_report["pluginReports"]
    assert [finding for checks in reports for finding in checks["violations"]] == []
    checks = next(checks for checks in reports if checks["pluginName"] == "AwsSolutions")
    assert checks["suppressedViolations"]
    assert all(len(finding["reason"]) > 20 for finding in checks["suppressedViolations"])


@pytest.mark.parametrize("variant", VARIANTS)
def test_no_wildcard_action_is_acknowledged(variant: str, synthesized: Callable[[str], Synthesized]) -> None:
    reports = synthesized(variant).security_report["pluginReports"]
    suppressed = [finding for checks in reports for finding in checks["suppressedViolations"]]
    assert suppressed
    assert not [finding for finding in suppressed if "[Action::" in finding["ruleName"]]


# Here, since a variant is synthesized once for each file of tests.
@pytest.mark.parametrize("name", REVIEWED)
def test_templates_are_those_that_were_reviewed(name: str, synthesized: Callable[[str], Synthesized]) -> None:
    """After a change that is meant: `python -m tests.infra.update_snapshots`, and review what changed."""
    templates = {part: template.to_json() for part, template in synthesized(REVIEWED[name]).templates.items()}
    assert json.loads(reviewed(templates)) == json.loads((FOLDER / f"{name}.json").read_text())


STACKS = [
    *((variant, part) for variant in (IAM_PUBLIC, SSO_PRIVATE) for part in (*_COMMON, "studio", "workforce")),
    *((variant, part) for variant in (IN_PORTAL, PORTAL_GUARDED) for part in (*_COMMON, "portal")),
    (IN_LABEL_STUDIO, "workflow"),
    *((BY_ITSELF, part) for part in ("portal", "workforce", "workflow")),
    (BY_ITSELF_GUARDED, "workflow"),
    (HARD_STOP, "workflow"),
]


@pytest.mark.parametrize(("variant", "part"), STACKS)
def test_cfn_lint_finds_no_error(variant: str, part: str, synthesized: Callable[[str], Synthesized]) -> None:
    """Definitions of state machines included (E3601): they are literal in the template."""
    (template,) = (file for file in synthesized(variant).template_files if file.name.endswith(f"-{part}.template.json"))
    assert [str(match) for match in lint_file(template) if match.rule.id.startswith("E")] == []


_SECRET_NAMES = re.compile(r"password|secret|token|credential|private.?key|api.?key", re.IGNORECASE)
_NO_SECRETS = re.compile(
    r"(?i)LABEL_STUDIO_SECRET|SecretArn|ServiceToken|ServiceTimeout|GenerateSecret|TokenValid|NextToken|TaskToken"
    r"|TemporaryPasswordValidity|PasswordPolicy|RequireSecret|.*ContinuationToken.*"
)
_LOOKS_LIKE_ONE = re.compile(r"AKIA[0-9A-Z]{16}|-----BEGIN [A-Z ]*PRIVATE KEY|eyJ[\w-]{20,}\.eyJ|X-Amz-Signature=")


@pytest.mark.parametrize("variant", VARIANTS)
def test_no_template_holds_a_secret(variant: str, synthesized: Callable[[str], Synthesized]) -> None:
    """A secret's name or ARN stands there, never its value; nobody types one as a parameter either."""
    for file in synthesized(variant).template_files:
        text = file.read_text(encoding="utf-8")
        assert not _LOOKS_LIKE_ONE.search(text), file.name
        template = json.loads(text)
        found = [(name, value) for name, value in _texts(template) if _SECRET_NAMES.search(name)]
        assert [one for one in found if not _NO_SECRETS.fullmatch(one[0])] == [], file.name
        named = [name for name in template.get("Parameters", {}) if _SECRET_NAMES.search(name)]
        assert named == []


def _texts(value: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """Every text of a template by the name of its property."""
    if isinstance(value, str):
        yield name, value
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner, name)
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _texts(inner, key if not key.startswith(("Fn::", "Ref")) else name)
