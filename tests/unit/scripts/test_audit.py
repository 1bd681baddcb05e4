"""An advisory service that does not answer is no clean bill."""

from __future__ import annotations

import pytest

from scripts import audit


@pytest.mark.parametrize(
    ("code", "said", "found"),
    [
        (0, "No known vulnerabilities found", 0),
        (1, "Found 1 known vulnerability in 1 package", 1),
        (1, "starlette Dependency not found on PyPI and could not be audited", 2),
        (1, "npm error audit endpoint returned an error", 2),
        (1, "requests.exceptions.ConnectionError: HTTPSConnectionPool", 2),
    ],
)
def test_not_asked_is_told_from_clean_and_from_known(code: int, said: str, found: int) -> None:
    assert audit.outcome(code, said) == found


def test_what_is_accepted_has_a_reason() -> None:
    assert audit.accepted("# why\nGHSA-1 the function is never called with such a file\n") == ["GHSA-1"]
    with pytest.raises(ValueError, match="GHSA-2 has no reason"):
        audit.accepted("GHSA-2\n")
    assert audit.accepted(audit.ACCEPTED.read_text("utf-8")) == []


def test_whatever_is_shipped_is_asked_about_and_nothing_is_passed_over() -> None:
    asked = audit.commands()
    assert {"requirements/lambda.txt", "requirements/engine.txt", "package-lock.json"} <= set(asked)
    assert "--strict" in asked["requirements/lambda.txt"]
