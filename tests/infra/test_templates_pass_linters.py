"""Templates of every variant against cfn-lint and cdk-nag."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from cfnlint import lint_file

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
