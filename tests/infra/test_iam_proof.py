"""The kept recordings, judged by the templates of now: every role may do what it does, and nothing else.

`make iam` makes the recordings afresh; `make iam WRITE=1` keeps them.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts.iam_proof.mutants import told
from scripts.iam_proof.physical import invented
from scripts.iam_proof.proof import Proof
from scripts.iam_proof.proving import proof
from scripts.iam_proof.recording import ACCOUNT, REGION, kept, templates_of
from tests.infra.variants import IAM_PUBLIC, IN_PORTAL

KEPT = Path(__file__).parent / "iam"
STAGES = {"ground_truth": IAM_PUBLIC, "portal": IN_PORTAL}


@pytest.fixture(scope="module", params=STAGES)
def judged(request, synthesized) -> Proof:
    templates = templates_of(synthesized(STAGES[request.param]).folder)
    requests = kept(KEPT / f"{request.param}.jsonl.gz")
    return proof(request.param, templates, invented(ACCOUNT, REGION, templates), requests)


def test_every_recorded_request_is_of_a_role_that_there_is_and_is_allowed(judged) -> None:
    """If a resource got another name: `make iam WRITE=1`."""
    assert len(judged.recorded) > 100
    assert [decision.reason for _, decision in judged.verdict.denied] == []


def test_every_right_is_used_or_explained(judged) -> None:
    assert [str(grant) for grant in judged.verdict.unused] == []


def test_what_nobody_may_ask_for_is_denied(judged) -> None:
    assert len(judged.probes) > 1000
    assert [(probe.what, probe.request, grant) for probe, grant in judged.verdict.allowed] == []


def test_a_policy_with_one_thing_wrong_is_noticed(judged) -> None:
    total, _ = judged.mutants
    assert total > 1000
    assert [told(mutant) for mutant in judged.verdict.survivors] == []


def test_nothing_is_explained_that_is_not_found(judged) -> None:
    assert [str(entry) for entry in judged.verdict.stale] == []
    assert judged.verdict.unread == []
