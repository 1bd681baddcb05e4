"""The function that Label Studio calls: what it answers, to whom, and what it logs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from domain.errors import AccessDenied, ServiceUnavailable
from lambdas.label_studio_webhook import handler as module
from lambdas.shared.entry import loaded
from tests.support.fakes.lambda_context import Context

PROOF = "p" * 64


class Listener:
    def __init__(self, answer: str | Exception) -> None:
        self.answer, self.calls = answer, []

    def heard(self, job_name: str, proof: str) -> str:
        self.calls.append((job_name, proof))
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


@pytest.fixture(autouse=True)
def forgotten() -> Iterator[None]:
    yield
    module._listener.cache_clear()
    loaded.cache_clear()


def called(monkeypatch: pytest.MonkeyPatch, answer: str | Exception, event: dict[str, Any]) -> tuple[Any, Listener]:
    listener = Listener(answer)
    values = {"DATA_BUCKET": "data-bucket", "LABELERS": "label_studio", "AWS_DEFAULT_REGION": "us-east-1"}
    values |= {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing"}
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(module, "make_listener", lambda *_: listener)
    return module.handler(event, Context()), listener


def event(**headers: str) -> dict[str, Any]:
    """https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html"""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    body = '{"action": "ANNOTATION_CREATED"}'
    return {"version": "2.0", "headers": named, "pathParameters": {"job": "kempelen-dev-label-a"}, "body": body}


def test_a_call_is_heard_by_job_and_proof(monkeypatch: pytest.MonkeyPatch) -> None:
    answer, listener = called(monkeypatch, "told", event(x_kempelen_proof=PROOF))
    assert answer == {"statusCode": 204}
    assert listener.calls == [("kempelen-dev-label-a", PROOF)]


@pytest.mark.parametrize("given", [event(), {}, {"headers": None, "pathParameters": None}])
def test_a_stranger_is_told_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], given: dict[str, Any]
) -> None:
    answer, listener = called(monkeypatch, AccessDenied("not the server"), given)
    assert answer == {"statusCode": 403}
    assert listener.calls[0][1] == ""
    assert "kempelen-dev-label-a" not in capsys.readouterr().out


def test_a_server_that_does_not_answer_is_left_to_the_poll(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    answer, _ = called(monkeypatch, ServiceUnavailable("busy"), event(x_kempelen_proof=PROOF))
    assert answer == {"statusCode": 503}
    assert PROOF not in capsys.readouterr().out
