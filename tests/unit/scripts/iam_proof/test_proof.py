"""The proof holds for a stage that is right, and each kind of wrong is found and named."""

from __future__ import annotations

import pytest

from localcloud.iam.requests import AuthorizationRequest
from scripts.iam_proof.explained import Explanation
from scripts.iam_proof.mutants import told
from tests.unit.scripts.iam_proof.small_stage import (
    BUCKET,
    TLS,
    WRITER,
    proof,
    small,
    templates,
)


def statements(made: dict) -> list[dict]:
    return made["any-dev-work"]["Resources"]["WriterPolicy12345678"]["Properties"]["PolicyDocument"]["Statement"]


def test_a_stage_whose_rights_are_all_needed_and_no_wider_is_proven() -> None:
    made = proof()
    assert not any(vars(made.verdict).values())
    assert made.verdict.proven
    assert len(made.probes) > 100
    assert made.mutants[0] > 15


def test_a_request_that_no_policy_allows_is_found_with_its_reason() -> None:
    read = AuthorizationRequest(WRITER, "s3:GetObject", (f"{BUCKET}/labels/one",), TLS)
    ((request, decision),) = proof(read).verdict.denied
    assert request == read
    assert "no identity-based policy allows the s3:GetObject action" in decision.reason


def test_a_right_that_nothing_uses_is_found_until_it_is_explained() -> None:
    made = templates()
    statements(made)[0]["Action"].append("s3:AbortMultipartUpload")
    assert [str(one) for one in proof(of=small(made)).verdict.unused] == [
        "Writer s3:AbortMultipartUpload on Data/labels/*"
    ]
    explanation = Explanation("unused", ("Writer",), ("s3:Abort*",), ("Data/*",), "only when something fails")
    assert proof(of=small(made), explained=(explanation,)).verdict.proven


def test_an_explanation_that_explains_nothing_is_found() -> None:
    explanation = Explanation("unused", ("Writer",), ("s3:Get*",), ("*",), "of last year")
    assert proof(explained=(explanation,)).verdict.stale == [explanation]


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (lambda made: statements(made)[0].update(Resource="*"), "another bucket"),
        (lambda made: statements(made)[2].pop("Condition"), "another iam:PassedToService"),
        (lambda made: statements(made)[1].update(Action="s3:*"), "creep"),
        (
            lambda made: made["any-dev-storage"]["Resources"]["DataPolicy12345678"]["Properties"]["PolicyDocument"][
                "Statement"
            ][0].update(Action="s3:Get*"),
            "plain HTTP",
        ),
        (
            lambda made: made["any-dev-work"]["Resources"]["Job12345678"]["Properties"]["AssumeRolePolicyDocument"][
                "Statement"
            ][0].pop("Condition"),
            "another aws:SourceAccount",
        ),
    ],
)
def test_a_right_that_grows_is_found(change, what) -> None:
    made = templates()
    change(made)
    assert what in {probe.what for probe, _ in proof(of=small(made)).verdict.allowed}


def test_what_a_mutant_changes_is_said_when_nothing_notices_it() -> None:
    """A right that is granted twice can lose one of them."""
    made = templates()
    statements(made).append(statements(made)[0])
    survivors = proof(of=small(made)).verdict.survivors
    assert set(map(told, survivors)) == {"Writer s3:PutObject on Data/labels/*: without the action"}


def test_a_policy_of_aws_that_is_not_read_is_named() -> None:
    made = templates()
    role = made["any-dev-work"]["Resources"]["Writer12345678"]["Properties"]
    role["ManagedPolicyArns"] = ["arn:aws:iam::aws:policy/AdministratorAccess"]
    assert [str(one) for one in proof(of=small(made)).verdict.unread] == ["Writer AdministratorAccess on *"]
