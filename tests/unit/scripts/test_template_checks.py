"""A linter's finding is explained or an error, and so is a reason that nothing needs."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts.template_checks.explained import Finding, Reason, judge, read

QUEUE = Finding("checkov", "CKV_AWS_27", "prod/kempelen-prod-workflow/AWS::SQS::Queue.DeadLettersBBF8BAAB")
OF_QUEUES = Reason("checkov", "CKV_AWS_27", ("*/AWS::SQS::Queue.DeadLetters*",), "because")


def test_a_finding_with_a_reason_is_explained_and_counted() -> None:
    verdict = judge([QUEUE, QUEUE], [OF_QUEUES])
    assert verdict.clean
    assert verdict.explained[OF_QUEUES] == 2


@pytest.mark.parametrize(
    "other",
    [
        Finding("cfn-lint", QUEUE.rule, QUEUE.where),
        Finding(QUEUE.tool, "CKV_AWS_28", QUEUE.where),
        Finding(QUEUE.tool, QUEUE.rule, "prod/kempelen-prod-workflow/AWS::SQS::Queue.Other"),
    ],
)
def test_another_tool_rule_or_place_is_not_explained_by_it(other: Finding) -> None:
    verdict = judge([QUEUE, other], [OF_QUEUES])
    assert not verdict.clean
    assert verdict.unexplained == (other,)


def test_a_reason_that_no_finding_needs_is_stale() -> None:
    verdict = judge([], [OF_QUEUES])
    assert not verdict.clean
    assert verdict.stale == (OF_QUEUES,)


def test_every_reason_of_ours_is_a_sentence_about_a_place() -> None:
    assert {reason.tool for reason in read()} == {"cfn-lint", "checkov"}


@pytest.mark.parametrize("entry", ['rule = "E1"\nwhy = "a reason that is long enough"', 'rule = "E1"\nwhere = ["*"]'])
def test_an_entry_that_lacks_something_is_refused_by_its_rule(tmp_path: Path, entry: str) -> None:
    path = tmp_path / "explained.toml"
    path.write_text(f"[[checkov]]\n{entry}\n", "utf-8")
    with pytest.raises(ValueError, match="E1"):
        read(path)
