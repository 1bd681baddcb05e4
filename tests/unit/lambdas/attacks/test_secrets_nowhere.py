"""Secrets stand where they are used and nowhere else: the whole flow of the portal with marked ones, then a look at all
that it has left."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import boto3
import pytest
from aws_lambda_powertools import Tracer

from adapters.browser_reads import presigning_client
from domain.errors import ServiceUnavailable
from tests.support.portal_world import Browser, World

KEY, TOKEN = "marked-secret-access-key", "marked-session-token"


@pytest.fixture
def traced(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What a trace would hold of answers and errors."""
    found: list[Any] = []

    def keep(_self: Any, data: Any = None, capture_response: Any = True, **_: Any) -> None:
        if capture_response:
            found.append(data)

    monkeypatch.setattr(Tracer, "_add_response_as_metadata", keep)
    return found


@pytest.fixture
def marked(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """The function's own credentials are marked, and so is what it signs."""
    from lambdas.portal import handler

    def signing() -> Any:
        return presigning_client(aws_secret_access_key=KEY, aws_session_token=TOKEN, aws_access_key_id="AKIAMARKED")

    monkeypatch.setattr(handler, "presigning_client", signing)
    handler._application.cache_clear()
    return world


def left_behind(world: World) -> str:
    """Both tables and every object of the bucket."""
    client = boto3.client("dynamodb")
    rows = [item for table in ("tasks", "ledger") for item in client.scan(TableName=table)["Items"]]
    listed = world.functions.s3.list_objects_v2(Bucket="data-bucket")["Contents"]
    return json.dumps(rows) + "".join(world.functions.text(item["Key"]) for item in listed)


def test_what_signs_people_in_and_opens_objects_is_left_nowhere(
    marked: World, traced: list[Any], capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    ada = Browser(marked)
    ada.sign_in("ada@example.com")
    exchanged = marked.exchanged[-1]
    run, manifest, job = marked.started(workers_per_object=1)
    told = [run, manifest, job]
    shown = ""
    for _ in range(2):
        task = ada.ask("POST", f"/jobs/{job['name']}/next", {})["json"]["task"]
        told.append(task)
        shown += ada.ask("GET", f"{task['path']}/interface", accept="text/html")["body"]
        ada.ask("POST", f"{task['path']}/submit", {"crowd-image-classifier": {"label": "open"}})
    progress = marked.functions("poll_labeling", {"run": run, "job": job})
    given = {"run": run, "manifest": manifest, "job": job, "progress": progress}
    told += [progress, marked.functions("collect_labels", given), marked.manage("progress", job=job["name"])]

    secrets = {
        "the session": ada.cookies["__Host-worker-session"],
        "the sign-in's code": exchanged["code"],
        "the sign-in's proof": exchanged["code_verifier"],
        "the function's key": KEY,
        "the function's session token": TOKEN,
        **{f"signature {n}": one for n, one in enumerate(re.findall(r"X-Amz-Signature=([0-9a-f]{64})", shown))},
    }
    assert len(secrets) >= 7
    assert TOKEN in shown  # it is part of a signed address, which is for that browser
    places = {
        "logs": "".join(capsys.readouterr()) + caplog.text,
        "traces": json.dumps(traced, default=str),
        "tables and bucket": left_behind(marked),
        "state machine": json.dumps(told),
    }
    found = [(what, where) for what, secret in secrets.items() for where, text in places.items() if secret in text]
    assert found == []


def test_a_failure_tells_nothing_of_what_was_signed_or_who_asked(
    marked: World, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each thing behind the pages fails once, in the midst of a worker's session."""
    from adapters.task_store import DynamoTaskStore

    ada = Browser(marked)
    ada.sign_in("ada@example.com")
    _, _, job = marked.started()
    task = ada.ask("POST", f"/jobs/{job['name']}/next", {})["json"]["task"]
    marked.functions.s3.delete_object(Bucket="data-bucket", Key="labeling/faces/r1/template.liquid.html")
    answers = [ada.ask("GET", f"{task['path']}/interface", accept="text/html")]
    monkeypatch.setattr(DynamoTaskStore, "look", _busy)
    answers += [ada.ask("GET", task["path"], accept="text/html"), ada.ask("POST", f"{task['path']}/submit", {})]
    assert [answer["statusCode"] for answer in answers][1:] == [503, 503]
    said = "".join(answer["body"] for answer in answers) + "".join(capsys.readouterr()) + caplog.text
    for secret in (ada.cookies["__Host-worker-session"], KEY, TOKEN, "X-Amz-Signature"):
        assert secret not in said
    assert "Traceback" not in "".join(answer["body"] for answer in answers)


def _busy(*_: Any, **__: Any) -> None:
    raise ServiceUnavailable("the table is busy")


def test_an_address_opens_one_object_for_a_quarter_of_an_hour(marked: World) -> None:
    ada = Browser(marked)
    ada.sign_in("ada@example.com")
    _, _, job = marked.started()
    task = ada.ask("POST", f"/jobs/{job['name']}/next", {})["json"]["task"]
    shown = ada.ask("GET", f"{task['path']}/interface", accept="text/html")
    address = urlsplit(re.search(r'src="(https://[^"]+)"', shown["body"]).group(1).replace("&amp;", "&"))
    assert parse_qs(address.query)["X-Amz-Expires"] == ["900"]
    assert "X-Amz" not in json.dumps(ada.ask("GET", task["path"])["json"])
    assert "X-Amz" not in ada.ask("GET", task["path"], accept="text/html")["body"]
    assert shown["headers"]["cache-control"] == "no-store"


@pytest.mark.parametrize("job", ['a\n{"level":"INFO","message":"forged"}', "a\r\nforged", "\x1b[2J", "x" * 5_000])
def test_a_name_from_outside_makes_no_line_of_a_log_of_its_own(
    world: World, ada: Browser, capsys: pytest.CaptureFixture[str], job: str
) -> None:
    capsys.readouterr()
    ada.ask("POST", f"/jobs/{job}/next", {})
    ada.ask("GET", f"/preview/{job}")
    with pytest.raises(Exception, match="no job"):
        world.manage("progress", job=job)
    lines = [line for line in capsys.readouterr().out.splitlines() if line]
    assert all(json.loads(line)["message"] != "forged" for line in lines)
    assert not [line for line in lines if line.startswith("forged")]
