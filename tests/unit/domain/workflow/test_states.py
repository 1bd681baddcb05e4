from __future__ import annotations

import json

import pytest

from domain.workflow.states import Failure

JOB = {"FailureReason": "AlgorithmError: See job logs for more information", "ProcessingJobName": "kempelen-dev-faces"}


@pytest.mark.parametrize(
    ("cause", "said"),
    [
        ("", ""),
        ("another run has taken over", "another run has taken over"),
        ("{not JSON}", "{not JSON}"),
        ("[1]", "[1]"),
        (
            json.dumps({"errorType": "LeaseLost", "errorMessage": "another run has taken over"}),
            "another run has taken over",
        ),
        (json.dumps(JOB), JOB["FailureReason"]),
        (json.dumps({**JOB, "ExitMessage": ""}), JOB["FailureReason"]),
        (json.dumps({**JOB, "ExitMessage": "labels.jsonl is empty"}), "labels.jsonl is empty"),
    ],
)
def test_a_failure_is_told_in_the_words_of_what_failed(cause: str, said: str) -> None:
    assert str(Failure.model_validate({"Error": "States.TaskFailed", "Cause": cause})) == f"States.TaskFailed: {said}"
