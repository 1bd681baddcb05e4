"""Our own portal, from the start of a job to its labels: the workflow's functions, the pages, the requesters' door."""

from __future__ import annotations

import html
import json
import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import boto3
import pytest

from domain.errors import InvalidInput, NotFound, PreflightFailed
from domain.labels.rows import read_labels
from lambdas.portal import handler as portal_handler
from tests.support.portal_world import ADDRESS, CLIENT, ELEMENT, SIGN_IN, TASK, Browser, World


def test_a_job_is_labeled_from_start_to_rows(world: World, ada: Browser, bob: Browser) -> None:
    run, manifest, job = world.started()
    assert [card["status"] for card in ada.ask("GET", "/jobs")["json"]["jobs"]] == ["InProgress"]
    while ada.work(job["name"], "open") | bob.work(job["name"], "open"):
        pass
    progress = world.functions("poll_labeling", {"run": run, "job": job})
    assert (progress["status"], progress["finished"], progress["labeled"]) == ("Completed", True, 2)
    output = world.functions("collect_labels", {"run": run, "manifest": manifest, "job": job, "progress": progress})
    assert output["counts"]["labeled"] == 2
    rows = [json.loads(line) for line in world.functions.text("labels/faces/r1/labels.jsonl").splitlines()]
    labeled = [row for row in rows if row["status"] == "labeled"]
    assert [(row["label"], row["confidence"], len(row["votes"])) for row in labeled] == [("open", 0.97, 2)] * 2
    assert len(world.functions.text(f"labeling/faces/r1/output/{job['name']}/answers.jsonl").splitlines()) == 4


@pytest.mark.parametrize(
    ("task", "value", "label", "row"),
    [
        (
            {"type": "image-multi-label"},
            {"crowd-image-classifier-multi-select": {"labels": ["open", "shut"]}},
            "open + shut",
            {"label": None, "labels": ["open", "shut"]},
        ),
        (
            {"type": "image-bounding-box", "labels": ["mouth"]},
            {
                "crowd-bounding-box": {
                    "boundingBoxes": [{"label": "mouth", "left": 1, "top": 2, "width": 30, "height": 40}]
                }
            },
            "mouth, 1 place",
            {"label": "mouth", "boxes": [{"label": "mouth", "left": 1.0, "top": 2.0, "width": 30.0, "height": 40.0}]},
        ),
        (
            {"type": "image-bounding-box", "labels": ["mouth"]},
            {"crowd-bounding-box": {"boundingBoxes": []}},
            "no object",
            {"label": "no object", "boxes": []},
        ),
    ],
)
def test_answers_of_other_shapes_reach_the_rows(
    world: World, ada: Browser, task: dict[str, Any], value: dict[str, Any], label: str, row: dict[str, Any]
) -> None:
    run, manifest, job = world.started(workers_per_object=1, **task)
    for _ in range(2):
        found = ada.ask("POST", f"/jobs/{job['name']}/next", {})["json"]["task"]
        assert ada.ask("POST", f"{found['path']}/submit", value)["statusCode"] == 200
        undone = ada.ask("POST", f"/jobs/{job['name']}/undo", {})["json"]
        if "task" in undone:
            assert undone["task"]["earlier"] == label
            ada.ask("POST", f"{undone['task']['path']}/submit", value)
    progress = world.functions("poll_labeling", {"run": run, "job": job})
    world.functions("collect_labels", {"run": run, "manifest": manifest, "job": job, "progress": progress})
    rows = [json.loads(line) for line in world.functions.text("labels/faces/r1/labels.jsonl").splitlines()]
    labeled = [one for one in rows if one["status"] == "labeled"]
    assert len(labeled) == 2
    assert all(row.items() <= one.items() for one in labeled)
    assert read_labels("".join(json.dumps(one) + "\n" for one in rows))


def test_the_task_page_shows_the_object_by_a_short_address_and_nothing_else_may_run(world: World, ada: Browser) -> None:
    _, _, job = world.started()
    task = ada.ask("POST", f"/jobs/{job['name']}/next", {})["json"]["task"]
    shown = ada.ask("GET", f"{task['path']}/interface", accept="text/html")
    address = re.search(r'src="(https://[^"]+)"', shown["body"]).group(1)
    query = parse_qs(urlsplit(address).query)
    assert (query["X-Amz-Expires"], query["X-Amz-Algorithm"]) == (["900"], ["AWS4-HMAC-SHA256"])
    policy = shown["headers"]["content-security-policy"].split("; ")
    assert policy[:2] == ["sandbox allow-scripts allow-forms", "default-src 'none'"]
    assert re.fullmatch(rf"script-src {ADDRESS}/static/[0-9a-f]{{12}}/", policy[2])
    assert "&quot;open&quot;" in shown["body"] or "&#34;open&#34;" in shown["body"]
    page = ada.ask("GET", task["path"], accept="text/html")
    assert page["headers"]["content-security-policy"].startswith("default-src 'self'; frame-ancestors 'none'")


def test_static_files_are_kept_by_browsers_for_ever(ada: Browser) -> None:
    page = ada.ask("GET", "/jobs", accept="text/html")["body"]
    css = ada.ask("GET", re.search(r'href="(/static/[^"]+\.css)"', page).group(1))
    assert css["statusCode"] == 200
    assert css["headers"]["cache-control"] == "public, max-age=31536000, immutable"


def test_an_answer_that_the_form_cannot_give_is_refused_and_the_task_stays(world: World, ada: Browser) -> None:
    _, _, job = world.started()
    task = ada.ask("POST", f"/jobs/{job['name']}/next", {})["json"]["task"]
    for wrong in ({}, {ELEMENT: {"label": "ajar"}}, {ELEMENT: "open"}):
        assert ada.ask("POST", f"{task['path']}/submit", wrong)["statusCode"] == 400
    assert ada.ask("GET", task["path"])["statusCode"] == 200


def test_an_answer_for_which_the_table_has_no_room_is_refused(world: World, ada: Browser) -> None:
    _, _, job = world.started()
    task = ada.ask("POST", f"/jobs/{job['name']}/next", {})["json"]["task"]
    large = {ELEMENT: {"label": "open", "more": "x" * 180_000}}
    refused = ada.ask("POST", f"{task['path']}/submit", large)
    assert (refused["statusCode"], "180,000" in refused["json"]["error"]) == (400, True)


def test_the_last_answer_is_taken_back(world: World, ada: Browser) -> None:
    _, _, job = world.started()
    ada.work(job["name"], "open")
    again = ada.ask("POST", f"/jobs/{job['name']}/undo", {})["json"]["task"]
    assert again["earlier"] == "open"
    assert ada.ask("POST", f"{again['path']}/submit", {ELEMENT: {"label": "shut"}})["statusCode"] == 200
    assert world.manage("progress", job=job["name"])["votes"] == 1


def test_another_persons_task_is_not_shown(world: World, ada: Browser, bob: Browser) -> None:
    _, _, job = world.started()
    task = ada.ask("POST", f"/jobs/{job['name']}/next", {})["json"]["task"]
    assert bob.ask("GET", task["path"])["statusCode"] == 404
    assert bob.ask("POST", f"{task['path']}/submit", {ELEMENT: {"label": "open"}})["statusCode"] == 404


def test_who_is_not_signed_in_is_led_to_cognitos_page_with_a_proof(world: World) -> None:
    stranger = Browser(world)
    assert stranger.ask("GET", "/jobs")["statusCode"] == 401
    assert stranger.ask("GET", "/", accept="text/html")["headers"]["location"] == "/login"
    sent = urlsplit(stranger.ask("GET", "/login")["headers"]["location"])
    asked = {name: values[0] for name, values in parse_qs(sent.query).items()}
    assert f"{sent.scheme}://{sent.netloc}{sent.path}" == f"{SIGN_IN}/oauth2/authorize"
    assert (asked["response_type"], asked["code_challenge_method"]) == ("code", "S256")
    assert asked["redirect_uri"] == f"{ADDRESS}/callback"
    assert len(asked["code_challenge"]) == 43
    assert {"Secure", "HttpOnly", "SameSite=lax"} <= set(stranger.flags.split("; "))


def test_a_session_is_one_that_only_its_browser_knows(world: World, ada: Browser) -> None:
    assert {"Secure", "HttpOnly", "SameSite=lax"} <= set(ada.flags.split("; "))
    kept = json.dumps(boto3.client("dynamodb").scan(TableName="tasks")["Items"])
    assert ada.cookies["__Host-worker-session"] not in kept
    forged = Browser(world, {"__Host-worker-session": ada.cookies["__Host-worker-session"][:-1] + "x"})
    assert forged.ask("GET", "/jobs")["statusCode"] == 401


@pytest.mark.parametrize(
    ("claims", "status"),
    [
        ({"cognito:groups": ["others"]}, 403),
        ({"aud": "another-client"}, 400),
        ({"iss": "https://cognito-idp.us-east-1.amazonaws.com/another"}, 400),
        ({"token_use": "access"}, 400),
        ({"nonce": "of-another-sign-in"}, 400),
        ({"exp": 1}, 400),
        ({"challenge": "of another browser"}, 400),
    ],
)
def test_a_token_that_does_not_fit_signs_nobody_in(world: World, claims: dict[str, Any], status: int) -> None:
    browser = Browser(world)
    assert browser.sign_in("ada@example.com", **claims)["statusCode"] == status
    assert browser.ask("GET", "/jobs")["statusCode"] == 401


def test_a_sign_in_that_another_browser_began_is_refused(world: World) -> None:
    victim, attacker = Browser(world), Browser(world)
    attacker.ask("GET", "/login")
    assert victim.ask("GET", "/callback?code=code-1&state=x")["statusCode"] == 400
    victim.ask("GET", "/login")
    assert victim.ask("GET", "/callback?code=code-1&state=x")["statusCode"] == 400
    assert world.exchanged == []


def test_signing_out_ends_the_session_here_and_at_cognito(world: World, ada: Browser) -> None:
    old = dict(ada.cookies)
    answer = ada.ask("POST", "/logout", accept="text/html")
    assert answer["headers"]["location"].startswith(f"{SIGN_IN}/logout?client_id={CLIENT}&logout_uri=")
    assert Browser(world, old).ask("GET", "/jobs")["statusCode"] == 401
    assert "signed out" in Browser(world).ask("GET", "/signed-out", accept="text/html")["body"]


def test_another_site_posts_nothing_in_a_workers_name(world: World, ada: Browser) -> None:
    _, _, job = world.started()
    for origin in ("https://example.com", "null"):
        assert ada.ask("POST", f"/jobs/{job['name']}/next", {}, origin=origin)["statusCode"] == 403
    assert ada.ask("POST", f"/jobs/{job['name']}/next", {}, origin=ADDRESS)["statusCode"] == 200


def test_another_host_name_is_refused(ada: Browser) -> None:
    assert ada.ask("GET", "/jobs", host="rebound.example.com")["statusCode"] == 400


def test_only_the_address_ranges_of_the_settings_get_in(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_IPS", '["203.0.113.0/24", "2001:db8::/32"]')
    portal_handler.loaded.cache_clear()
    answers = [Browser(world, source=source).ask("GET", "/signed-out") for source in ("198.51.100.7", "203.0.113.9")]
    assert [answer["statusCode"] for answer in answers] == [403, 200]
    assert "network" in answers[0]["body"]


def test_requesters_see_and_steer_a_job(world: World, ada: Browser, bob: Browser) -> None:
    _, _, job = world.started()
    name = job["name"]
    ada.work(name, "open")
    progress = world.manage("progress", job=name)
    assert (progress["votes"], progress["votes_needed"], progress["labeled"]) == (1, 4, 0)
    assert [(row["email"], row["answered"]) for row in progress["workers"]] == [("ada@example.com", 1)]
    assert sum(row["answers"] for row in world.manage("objects", job=name)["objects"]) == 1
    assert world.manage("pause", job=name)["status"] == "Paused"
    assert bob.ask("POST", f"/jobs/{name}/next", {})["json"]["task"] is None
    assert "Paused by whoever asked" in bob.ask("GET", "/jobs", accept="text/html")["body"]
    assert "This job is paused" in bob.ask("GET", f"/jobs/{name}", accept="text/html")["body"]
    assert world.manage("resume", job=name)["status"] == "InProgress"
    assert world.manage("close", job=name)["status"] == "Stopped"
    assert [one["status"] for one in world.manage("jobs")["jobs"]] == ["Stopped"]


def test_requesters_invite_again_and_remove_people(world: World, ada: Browser) -> None:
    assert world.manage("invite", email="eve@example.com")["outcome"] == "invited"
    assert world.manage("invite", email="eve@example.com")["outcome"] == "invited again"
    assert [row["email"] for row in world.manage("workers")["workers"]] == ["ada@example.com", "eve@example.com"]
    with pytest.raises(NotFound, match=r"nobody@example\.com"):
        world.manage("remove", email="nobody@example.com")


def test_who_is_removed_is_signed_out_at_once(world: World) -> None:
    cognito = boto3.client("cognito-idp")
    user = cognito.admin_get_user(UserPoolId=world.pool, Username="ada@example.com")
    world.subs["ada@example.com"] = next(a["Value"] for a in user["UserAttributes"] if a["Name"] == "sub")
    ada = Browser(world)
    ada.sign_in("ada@example.com")
    assert world.manage("remove", email="ada@example.com")["sessions_ended"] == 1
    assert ada.ask("GET", "/jobs")["statusCode"] == 401


def test_a_preview_shows_the_task_to_whoever_has_the_link(world: World) -> None:
    given = world.manage("preview", task=TASK, source_ref="s3://data-bucket/raw/faces/a.jpg")
    path = urlsplit(given["address"]).path
    page = Browser(world).ask("GET", path, accept="text/html")
    assert "Preview" in page["body"]
    assert "Is it open?" in Browser(world).ask("GET", f"{path}/interface", accept="text/html")["body"]
    assert Browser(world).ask("GET", "/preview/guessed")["statusCode"] == 404


def test_examples_are_frozen_with_the_run_and_shown_to_workers(world: World, ada: Browser) -> None:
    picture = b"\x89PNG\r\n\x1a\n of an open mouth"
    world.functions.s3.put_object(Bucket="data-bucket", Key="instructions/open.png", Body=picture)
    run, manifest, job = world.started(
        examples=[{"image": "instructions/open.png", "good": True, "caption": "wide"}],
        label_descriptions={"open": "Teeth show"},
    )
    kept = run["task"]["examples"][0]["image"]
    assert kept.startswith("s3://data-bucket/instructions/frozen/")
    assert 0 < manifest["cost"]["usd"] < 0.01
    task = ada.ask("POST", f"/jobs/{job['name']}/next", {})["json"]["task"]
    interface = ada.ask("GET", f"{task['path']}/interface", accept="text/html")
    address = html.unescape(re.search(r'<img src="([^"]+)" alt="wide"', interface["body"])[1])
    assert urlsplit(address).path.endswith(kept.rsplit("/", 1)[-1])
    assert f"https://{urlsplit(address).netloc}" in interface["headers"]["content-security-policy"]
    assert "<dt>open</dt><dd>Teeth show</dd>" in interface["body"]


def test_a_preview_shows_examples_that_no_run_has_frozen(world: World) -> None:
    task = {**TASK, "examples": [{"image": "instructions/open.png", "good": False, "caption": "narrow"}]}
    given = world.manage("preview", task=task, source_ref="s3://data-bucket/raw/faces/a.jpg")
    shown = Browser(world).ask("GET", f"{urlsplit(given['address']).path}/interface", accept="text/html")["body"]
    assert re.search(r'<img src="https://[^"]+instructions/open\.png[^"]*" alt="narrow"', shown)


def test_a_run_that_may_not_cost_so_much_fails_before_anybody_is_asked(world: World) -> None:
    with pytest.raises(
        InvalidInput, match=r"^task\.max_cost: the job would cost up to \$0\.000\d+ \(4 answers of 2 objects"
    ):
        world.started(max_cost=0)
    assert world.manage("jobs") == {"jobs": []}


@pytest.mark.parametrize(
    ("kind", "given", "shown"),
    [
        ({"type": "text-single-label"}, {"source": "s3://is a text </b>"}, "s3://is a text &lt;/b&gt;"),
        ({"type": "audio-transcript", "labels": []}, {"transcript": "Good <b>"}, 'transcript="Good &lt;b&gt;"'),
        ({"type": "record-review", "labels": []}, {"record": {"total": 7}}, 'record="{&#34;total&#34;: 7}"'),
        ({"type": "image-label-verification"}, {"label": "open"}, "“open”"),
        ({}, {"suggestion": "open"}, 'suggestion="{&#34;label&#34;: &#34;open&#34;}"'),
    ],
)
def test_a_preview_shows_what_is_told_of_the_object(
    world: World, kind: dict[str, Any], given: dict[str, Any], shown: str
) -> None:
    ref = "s3://data-bucket/raw/faces/a.jpg"
    address = world.manage("preview", task={**TASK, **kind}, given=given, source_ref=ref)["address"]
    page = Browser(world).ask("GET", f"{urlsplit(address).path}/interface", accept="text/html")
    assert shown in page["body"]


@pytest.mark.parametrize(
    ("kind", "given", "said"),
    [
        ({"type": "text-single-label"}, {}, "given: source is missing"),
        ({"type": "audio-transcript", "labels": []}, {"transcript": "x"}, "give source_ref"),
        ({"type": "record-review", "labels": []}, {"record": []}, "given: record must be an object"),
        ({"type": "record-review"}, {"record": {"a": 1}}, "task.labels: record-review takes none; its answers are acc"),
        (
            {"type": "text-single-label"},
            {"source": "x", "suggestion": "ajar"},
            "'ajar' could be no answer of text-single",
        ),
        ({"type": "text-single-label"}, {"sauce": "x"}, "no such field: sauce; text-single-label needs source"),
    ],
)
def test_a_preview_that_lacks_what_its_type_needs_is_refused(
    world: World, kind: dict[str, Any], given: dict[str, Any], said: str
) -> None:
    with pytest.raises(InvalidInput, match=said):
        world.manage("preview", task={**TASK, **kind}, given=given)


@pytest.mark.parametrize("question", [{"action": "progress"}, {"action": "invite"}, {"action": "preview"}])
def test_what_a_question_lacks_is_named(world: World, question: dict[str, str]) -> None:
    with pytest.raises(InvalidInput, match=question["action"]):
        world.manage(**question)


def test_nobody_to_ask_fails_the_preflight(world: World) -> None:
    boto3.client("cognito-idp").admin_remove_user_from_group(
        UserPoolId=world.pool, Username="ada@example.com", GroupName="workers"
    )
    with pytest.raises(PreflightFailed, match=r"workforce\.workers"):
        world.started()


def test_what_two_disagree_on_a_reviewer_decides(world: World, ada: Browser, bob: Browser) -> None:
    assert world.manage("invite", email="kim@example.com", reviewer=True)["outcome"] == "invited"
    kim = Browser(world)
    kim.sign_in("kim@example.com", **{"cognito:groups": ["workers", "reviewers"]})
    run, manifest, job = world.started(ask_again_below=0.9, most_workers=2)
    queue = f"/jobs/{job['name']}/review"
    while ada.work(job["name"], "open") | bob.work(job["name"], "shut"):
        pass
    answered = world.functions("poll_labeling", {"run": run, "job": job})
    assert (answered["status"], answered["finished"]) == ("Answered", True)
    assert world.functions("start_labeling", {"run": run, "manifest": manifest}) == job
    assert world.manage("progress", job=job["name"])["to_review"] == 2
    (card,) = kim.ask("GET", "/jobs")["json"]["jobs"]
    assert (card["reviews"], ada.ask("GET", "/jobs")["json"]["jobs"][0]["reviews"]) == (2, 0)
    assert ada.ask("POST", f"{queue}/next", {})["statusCode"] == 403

    task = kim.ask("POST", f"{queue}/next", {})["json"]["task"]
    assert (sorted(task["votes"]), task["guess"], task["confidence"]) == (["open", "shut"], "open", 0.5)
    assert ada.ask("GET", task["path"])["statusCode"] == 403
    assert ada.ask("POST", f"{task['path']}/submit", {"answer": None})["statusCode"] == 403
    page = kim.ask("GET", task["path"], accept="text/html")["body"]
    assert "ada@example.com" not in page
    assert f"Worker 1</span> <strong>{task['votes'][0]}" in page
    assert "suggestion=" in kim.ask("GET", f"{task['path']}/interface", accept="text/html")["body"]
    for wrong in ({}, {"answer": "open"}, {"answer": {}}, {"answer": None, "comment": "x" * 1_001}):
        assert kim.ask("POST", f"{task['path']}/submit", wrong)["statusCode"] == 400
    shut = {"answer": {ELEMENT: {"label": "shut"}}, "comment": "  Lips touch "}
    for _ in range(2):
        assert kim.ask("POST", f"{task['path']}/submit", shut)["statusCode"] == 200
    undone = kim.ask("POST", f"{queue}/undo", {})["json"]["task"]
    assert (undone["earlier"], undone["comment"], undone["id"] != task["id"]) == ("shut", "Lips touch", True)
    kim.ask("POST", f"{undone['path']}/submit", shut)
    last = kim.ask("POST", f"{queue}/next", {})["json"]["task"]
    assert kim.ask("POST", f"{last['path']}/skip", {})["json"] == {"status": "skipped"}
    last = kim.ask("POST", f"{queue}/next", {})["json"]["task"]
    kim.ask("POST", f"{last['path']}/submit", {"answer": None})
    assert kim.ask("GET", queue)["statusCode"] == 200

    world.functions("start_labeling", {"run": run, "manifest": manifest})
    progress = world.functions("poll_labeling", {"run": run, "job": job})
    assert progress["status"] == "Completed"
    assert kim.ask("POST", f"{queue}/undo", {})["statusCode"] == 409
    world.functions("collect_labels", {"run": run, "manifest": manifest, "job": job, "progress": progress})
    rows = [json.loads(line) for line in world.functions.text("labels/faces/r1/labels.jsonl").splitlines()]
    decided = {row["status"]: row for row in rows if row.get("decided_by") == "reviewer"}
    assert (decided["labeled"]["label"], decided["labeled"]["comment"]) == ("shut", "Lips touch")
    assert len(decided["unlabeled"]["votes"]) == 2


def test_a_reviewer_is_told_among_the_workers_and_removed_with_them(world: World) -> None:
    world.manage("invite", email="kim@example.com", reviewer=True)
    people = {row["email"]: row["reviewer"] for row in world.manage("workers")["workers"]}
    assert people == {"ada@example.com": False, "kim@example.com": True}
    for email in people:
        world.manage("remove", email=email)
    assert world.manage("workers") == {"workers": []}
