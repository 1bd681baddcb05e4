from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from scripts.verify_account.finding import Finding, Verdict
from scripts.verify_account.redact import redacted
from scripts.verify_account.report import written
from scripts.verify_account.stage import StageError, load_stage

SECRET = "wJalrXUtnFEMI1K7MDENG1bPxRfiCYEXAMPLEKEY"


@pytest.mark.parametrize(
    "text",
    [
        "arn:aws:iam::123456789012:role/x",
        "kempelen-dev-123456789012",
        "123456789012.dkr.ecr.us-east-1.amazonaws.com",
        "cdk-hnb659fds-assets-123456789012-us-east-1",
    ],
)
def test_an_account_id_is_taken_out_wherever_it_stands(text: str) -> None:
    assert "123456789012" not in redacted(text)
    assert "<account>" in redacted(text)


@pytest.mark.parametrize(
    "text", ["ask jane.doe+x@acme.co.uk please", "AKIAIOSFODNN7EXAMPLE", f"it is {SECRET} here", "token=abc.def"]
)
def test_mail_addresses_keys_and_secrets_are_taken_out(text: str) -> None:
    said = redacted(text)
    assert not [secret for secret in ("jane", "AKIA", SECRET, "abc.def") if secret in said]


@pytest.mark.parametrize(
    "text",
    [
        "kempelen-dev-storage-data666c94c7-4a313b0a598c",
        "d-hlcn8dy9vbpz",
        "/cdk-bootstrap/hnb659fds/version",
        "20 x ml.m5.xlarge for processing jobs",
        "arn:aws:states:us-east-1:<account>:stateMachine:kempelen-dev-label",
    ],
)
def test_what_is_no_secret_stays_as_it_is(text: str) -> None:
    assert redacted(text) == text


def test_the_report_counts_and_lists_and_names_nobody() -> None:
    findings = [
        Finding("who asks", Verdict.OK, "arn:aws:sts::123456789012:assumed-role/Admin/jdoe"),
        Finding("names", Verdict.PROBLEM, "a | b\nc"),
    ]
    text = written("dev", "us-east-1", findings, ["jdoe"])
    assert "1 ok, 1 PROBLEM" in text
    assert "| PROBLEM | names | a \\| b c |" in text
    assert "jdoe" not in text
    assert "123456789012" not in text


def test_another_stages_templates_or_none_are_refused_with_what_to_do(assembly: Path, tmp_path: Path) -> None:
    (assembly / "prod.toml").write_text("")
    with pytest.raises(StageError, match="holds another stage: run `cdk synth --quiet -c stage=prod`"):
        load_stage("prod", assembly, assembly)
    with pytest.raises(StageError, match=r"there is no .*manifest\.json: run `cdk synth"):
        load_stage("dev", tmp_path / "none", assembly)
    with pytest.raises(StageError, match="unknown stage 'dev'"):
        load_stage("dev", assembly, tmp_path / "none")


def test_a_stage_tells_what_its_templates_name(stage: Any) -> None:
    made = stage('[studio]\nauth = "SSO"\n')
    assert made.region == "us-east-1"
    assert made.machines == ["ml.m5.xlarge"]
    assert made.image == ("683313688378", "sagemaker-scikit-learn", "1.4-2-cpu-py3")
    assert made.backends == {"ground_truth"}
    assert made.setting("studio", "auth") == "SSO"
