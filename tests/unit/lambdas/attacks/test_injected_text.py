"""Text from outside stays text: in every page that shows it, whoever it is from. A page with hostile text has the very
elements and attributes of one with harmless text."""

from __future__ import annotations

import json
from html.parser import HTMLParser
from typing import Any
from urllib.parse import quote, urlsplit

import boto3
import pytest
import requests

from adapters.browser_reads import BrowserReads, presigning_client
from domain.task_types import TASK_TYPES
from domain.workflow.s3_uri import S3Uri
from tests.support.portal_world import ELEMENT, TASK, Browser, World

HOSTILE = [
    '"><img src=x onerror=alert(1)>',
    "'><svg/onload=alert(1)>",
    "</script><script>alert(1)</script>",
    "</full-instructions></crowd-form><a href=javascript:alert(1)>",
    "{{ 7 * 191 }} {% raw %} {{ task.__class__.__mro__ }} {# #}",
    "{{ 's3://data-bucket/ledger' | grant_read_access }}",
    "__INSTRUCTIONS__ __HEADER__ &lt;script&gt; %3Cscript%3E",
    "';alert(1)//\\",
]
TOGETHER = ["".join(HOSTILE[:4]), " ".join(HOSTILE[4:])]
HARMLESS = "a plain text"


class Skeleton(HTMLParser):
    """Tags with the names of their attributes, in order; no text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, tuple[str, ...]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, tuple(name for name, _ in attrs)))

    def handle_endtag(self, tag: str) -> None:
        self.found.append((f"/{tag}", ()))

    def handle_comment(self, data: str) -> None:
        self.found.append(("!--", ()))


def same_shape(hostile: str, harmless: str) -> None:
    assert Skeleton(hostile).found == Skeleton(harmless).found
    assert "1337" not in hostile  # 7 * 191


def told(kind: str, text: str) -> dict[str, Any]:
    """What the type needs to know of its object, with the text in all of it."""
    given: dict[str, dict[str, Any]] = {
        "text-single-label": {"source": text},
        "audio-transcript": {"transcript": text},
        "record-review": {"record": {text: text, "second": 2}},
        "image-label-verification": {"label": text},
        "image-single-label": {"suggestion": text},
        "image-multi-label": {"suggestion": [text]},
    }
    return given.get(kind, {})


def preview(world: World, kind: str, text: str) -> tuple[str, str]:
    """The page and its frame."""
    has_labels = bool(TASK_TYPES[kind].max_labels)
    labels = [text, "another"] if has_labels else []
    task = {
        **TASK,
        "type": kind,
        "question": text,
        "title": text[:128],
        "labels": labels,
        "instructions": text,
        "full_instructions": f"{text}\n{text}",
        "label_descriptions": {text: text} if has_labels else {},
        "examples": [{"image": "instructions/open.png", "good": True, "caption": text}],
    }
    given: dict[str, Any] = {"task": task, "given": told(kind, text)}
    if kind != "text-single-label":
        given["source_ref"] = f"s3://data-bucket/raw/faces/{text}.jpg"
    path = urlsplit(world.manage("preview", **given)["address"]).path
    stranger = Browser(world)
    pages = [stranger.ask("GET", each, accept="text/html") for each in (path, f"{path}/interface")]
    assert [page["statusCode"] for page in pages] == [200, 200]
    return pages[0]["body"], pages[1]["body"]


@pytest.mark.parametrize("kind", sorted(TASK_TYPES))
def test_a_tasks_page_has_what_its_type_has_whatever_its_texts_say(world: World, kind: str) -> None:
    harmless = preview(world, kind, HARMLESS)
    for text in TOGETHER:
        for hostile, plain in zip(preview(world, kind, text), harmless, strict=True):
            same_shape(hostile, plain)


def pages_of(world: World, text: str, run_id: str) -> list[str]:
    """What worker and reviewer see of a job whose every text is this one, people's names and comments included."""
    world.manage("invite", email="kim@example.com", reviewer=True)
    ada, bob, kim = (Browser(world) for _ in range(3))
    ada.sign_in(f"{text}@example.com")
    bob.sign_in("bob@example.com")
    kim.sign_in(text, **{"cognito:groups": ["workers", "reviewers"]})
    run, manifest, job = world.started(
        run_id, question=text, title=text[:128], labels=[text, "shut"], ask_again_below=0.9, most_workers=2
    )
    found = [ada.ask("GET", "/jobs", accept="text/html"), ada.ask("GET", f"/jobs/{job['name']}", accept="text/html")]
    while ada.work(job["name"], text) | bob.work(job["name"], "shut"):
        pass
    undone = ada.ask("POST", f"/jobs/{job['name']}/undo", {})["json"]["task"]
    assert undone["earlier"] == text
    found.append(ada.ask("GET", undone["path"], accept="text/html"))
    found.append(ada.ask("GET", f"{undone['path']}/interface", accept="text/html"))
    ada.ask("POST", f"{undone['path']}/submit", {ELEMENT: {"label": text}})
    world.functions("poll_labeling", {"run": run, "job": job})
    world.functions("start_labeling", {"run": run, "manifest": manifest})
    queue = f"/jobs/{job['name']}/review"
    task = kim.ask("POST", f"{queue}/next", {})["json"]["task"]
    kim.ask("POST", f"{task['path']}/submit", {"answer": {ELEMENT: {"label": text}}, "comment": text})
    again = kim.ask("POST", f"{queue}/undo", {})["json"]["task"]
    assert again["comment"] == text
    found += [kim.ask("GET", where, accept="text/html") for where in (again["path"], "/jobs", queue)]
    assert [page["statusCode"] for page in found] == [200] * len(found)
    world.manage("close", job=job["name"])
    return [page["body"] for page in found]


def forget_jobs() -> None:
    client = boto3.client("dynamodb")
    for item in client.scan(TableName="tasks")["Items"]:
        client.delete_item(TableName="tasks", Key={name: item[name] for name in ("pk", "sk")})


@pytest.mark.parametrize("text", TOGETHER)
def test_no_text_of_a_job_or_a_person_is_more_than_text(world: World, text: str) -> None:
    hostile = pages_of(world, text, "r1")
    forget_jobs()  # so that the second is the only one on its page, too
    for page, plain in zip(hostile, pages_of(world, HARMLESS, "r2"), strict=True):
        same_shape(page, plain)


@pytest.mark.parametrize("text", TOGETHER)
@pytest.mark.parametrize(
    "address", ["/jobs/{}", "/jobs/{}/tasks/{}", "/preview/{}", "/jobs/{}/review", "/{}", "/jobs?a={}"]
)
def test_an_address_is_not_shown_as_more_than_text(world: World, ada: Browser, text: str, address: str) -> None:
    named = [quote(part, safe="") if "?" in address else part.replace("?", "") for part in (text, HARMLESS)]
    hostile, plain = (ada.ask("GET", address.replace("{}", part), accept="text/html") for part in named)
    if "/" not in text:  # it would be another address
        assert hostile["statusCode"] == plain["statusCode"]
    if "html" in hostile["headers"].get("content-type", ""):
        same_shape(hostile["body"], plain["body"])


@pytest.mark.parametrize("text", TOGETHER)
def test_what_the_sign_in_page_says_is_shown_as_text(world: World, text: str) -> None:
    pages = []
    for said in (text, HARMLESS):
        browser = Browser(world)
        state = browser.ask("GET", "/login")["headers"]["location"].partition("state=")[2].partition("&")[0]
        query = f"state={state}&error=x&error_description={quote(said, safe='')}"
        pages.append(browser.ask("GET", f"/callback?{query}", accept="text/html"))
    assert {page["statusCode"] for page in pages} == {400}
    same_shape(pages[0]["body"], pages[1]["body"])


def test_pages_have_no_script_style_or_handler_of_their_own(world: World, ada: Browser) -> None:
    """So the policy needs no 'unsafe-inline'."""
    world.started()
    for path in ("/jobs", "/signed-out", "/preview/none"):
        page = ada.ask("GET", path, accept="text/html")
        found = Skeleton(page["body"]).found
        assert not [tag for tag, names in found if any(name.startswith("on") or name == "style" for name in names)]
        assert all("src" in names for tag, names in found if tag == "script")
        assert "unsafe" not in page["headers"]["content-security-policy"]


def test_a_picture_that_is_a_page_is_served_as_what_its_name_says(world: World) -> None:
    """Somebody uploads HTML or SVG as an image and leads people to its address."""
    s3 = world.functions.s3
    for key, shown in {
        "raw/faces/page.jpg": "image/jpeg",
        "raw/faces/page.svg": "application/octet-stream",
        "raw/faces/page.html": "application/octet-stream",
        "raw/faces/page": "application/octet-stream",
        "raw/faces/a.WAV": "audio/wav",
        "raw/faces/a.txt": "text/plain; charset=utf-8",
    }.items():
        s3.put_object(Bucket="data-bucket", Key=key, Body=b"<script>alert(1)</script>", ContentType="text/html")
        address = BrowserReads(presigning_client(), "data-bucket").address(S3Uri(f"s3://data-bucket/{key}"))
        served = requests.get(address, timeout=5)
        assert served.headers["content-type"] == shown
        assert served.headers["cache-control"] == "private, max-age=900"


def test_answers_of_the_portal_are_json_where_they_are_asked_as_json(world: World, ada: Browser) -> None:
    """Never HTML with a worker's text in it for a browser that was led to the address."""
    refused = ada.ask("POST", "/jobs/<b>/tasks/0.x/submit", {"<script>": 1})
    assert refused["headers"]["content-type"] == "application/json"
    assert json.loads(refused["body"])["error"]
