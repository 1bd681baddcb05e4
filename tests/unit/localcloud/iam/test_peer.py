"""Ours and ministack's evaluator decide alike, but for five things, in each of which ours is AWS's way."""

from __future__ import annotations

import json
import subprocess
from typing import Any

import pytest

from localcloud.client.process import PROJECT

INTERPRETER = PROJECT / ".venv-localcloud" / "bin" / "python"
# What ministack does in each of them, and what of AWS's pages says otherwise:
BESIDE = {
    "variables": "it takes ${…} for text: reference_policies_variables.html",
    "NotPrincipal": "its statements never apply: reference_policies_elements_notprincipal.html",
    "several": "without a set operator it compares the list's text; AWS asks for a set operator, and leaves open"
    " what is without: reference_policies_condition-single-vs-multi-valued-context-keys.html",
    "across parts": "a * goes over the parts of an ARN: reference_policies_elements_condition_operators.html",
    "unreadable": "what is no number does not even differ from one; no page says",
}


def differences(seed: int, count: int, *beside: str) -> list[dict[str, Any]]:
    command = [str(INTERPRETER), "-m", "tests.unit.localcloud.iam.peer", str(seed), str(count), *beside]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=True)
    *found, total = (json.loads(line) for line in done.stdout.splitlines())
    assert count * 0.1 < total["allowed"] < count * 0.9
    return found


def test_ours_and_the_peer_decide_alike() -> None:
    assert differences(1, 6000) == []


@pytest.mark.parametrize("beside", BESIDE)
def test_a_known_difference_is_one(beside: str) -> None:
    """When ministack mends it, it leaves this list."""
    assert differences(2, 1500, beside)
