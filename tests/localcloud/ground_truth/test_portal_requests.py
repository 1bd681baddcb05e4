"""The worker portal's requests as scripts make them, and what it refuses to serve."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from localcloud.client.process import LocalCloud
from tests.localcloud import labeling
from tests.localcloud.labeling import GROUP, LABELS, PASSWORD, TEMPORARY_PASSWORD, WORKERS, Workforce

OUTSIDER = "outsider@example.com"
ANSWER = {"crowd-image-classifier": {"label": LABELS[0]}}


@pytest.fixture(scope="module")
def workforce(client: Callable[[str], Any]) -> Iterator[Workforce]:
    with labeling.workforce_for_a_while(client) as made:
        cognito = client("cognito-idp")
        labeling.invite(cognito, made.user_pool, OUTSIDER)
        cognito.admin_remove_user_from_group(UserPoolId=made.user_pool, Username=OUTSIDER, GroupName=GROUP)
        yield made


@pytest.fixture(scope="module")
def job(client: Callable[[str], Any], workforce: Workforce, until: Any) -> Iterator[str]:
    """A job of two objects with one worker each; nobody ever completes it."""
    s3 = client("s3")
    bucket = labeling.make_bucket(s3, "portal-requests")
    uris = labeling.put_images(s3, bucket, ["one image.jpg", "two.jpg"])
    request = labeling.job_request(workforce, s3, bucket, "requests", uris, NumberOfHumanWorkersPerDataObject=1)
    client("sagemaker").create_labeling_job(**request)
    describe = client("sagemaker").describe_labeling_job
    until(lambda: describe(LabelingJobName="requests")["LabelingJobStatus"], lambda status: status == "InProgress")
    yield "requests"
    labeling.remove_bucket(s3, bucket)


@pytest.fixture
def portal(cloud: LocalCloud, workforce: Workforce) -> Iterator[httpx.Client]:
    """A client that nobody has signed in."""
    with httpx.Client(base_url=cloud.portal, trust_env=False, headers={"Accept": "application/json"}) as opened:
        yield opened


@pytest.fixture
def worker(portal: httpx.Client) -> httpx.Client:
    assert portal.post("/login", json={"email": WORKERS[0], "password": PASSWORD}).json() == {"worker": WORKERS[0]}
    return portal


def next_task(worker: httpx.Client, job: str) -> dict[str, Any]:
    return dict(worker.post(f"/jobs/{job}/next").json()["task"])


def test_a_script_lists_jobs_and_takes_a_task(worker, job):
    listed = next(found for found in worker.get("/jobs").json()["jobs"] if found["name"] == job)
    assert (listed["name"], listed["title"], listed["status"], listed["available"]) == (job, "Mouths", "InProgress", 2)
    task = next_task(worker, job)
    assert task["input"] == {"taskObject": "s3://portal-requests/raw/one image.jpg", "labels": list(LABELS)}
    assert 0 < task["seconds_left"] <= 1800
    assert worker.get(f"{task['path']}").json()["task"]["input"] == task["input"]


def test_the_interface_is_the_jobs_template_with_the_portals_own_elements(worker, job, cloud):
    answer = worker.get(f"{next_task(worker, job)['path']}/interface")
    assert re.search(r'<script src="/static/[0-9a-f]{12}/crowd-html-elements.js">', answer.text)
    assert "assets.crowd.aws" not in answer.text
    assert 'categories="[&quot;mouth open&quot;, &quot;mouth not open&quot;]"' in answer.text
    assert (
        answer.headers["content-security-policy"]
        == f"sandbox allow-scripts allow-forms; frame-ancestors {cloud.portal}"
    )


def test_the_interface_gives_read_access_to_the_image_from_any_origin(worker, job):
    text = worker.get(f"{next_task(worker, job)['path']}/interface").text
    url = text.split('src="')[2].split('"')[0]
    assert "X-Amz-Signature=" in url
    image = httpx.get(url, headers={"Origin": "null"}, trust_env=False)
    assert image.content.startswith(b"\xff\xd8")
    assert image.headers["access-control-allow-origin"] == "*"
    for other in (url.replace("one%20image", "two"), url.replace("raw/", "raw/%2e%2e/")):
        assert httpx.get(other, headers={"Origin": "null"}, trust_env=False).status_code == 403
    assert httpx.put(url, headers={"Origin": "null"}, trust_env=False).status_code == 403


def test_a_temporary_password_must_be_replaced(portal, client, workforce):
    labeling.invite(client("cognito-idp"), workforce.user_pool, "new@example.com")
    answer = portal.post("/login", json={"email": "new@example.com", "password": TEMPORARY_PASSWORD})
    assert answer.status_code == 403
    assert answer.json()["challenge"] == "NEW_PASSWORD_REQUIRED"
    fields = {"email": "new@example.com", "session": answer.json()["session"]}
    weak = portal.post("/login/new-password", json={**fields, "password": "weak"})
    assert (weak.status_code, weak.json()["error"]) == (
        401,
        "The new password needs at least 14 characters, an upper-case letter, a digit.",
    )
    assert portal.post("/login/new-password", json={**fields, "password": PASSWORD}).is_success
    assert portal.get("/jobs").is_success


@pytest.mark.parametrize(
    "path", ["/jobs", "/jobs/requests", "/jobs/requests/tasks/anything", "/jobs/requests/tasks/anything/interface"]
)
def test_nothing_is_shown_without_signing_in(portal, path):
    assert portal.get(path).status_code == 401
    page = portal.get(path, headers={"Accept": "text/html"})
    assert (page.status_code, page.headers["location"]) == (303, "/login")


@pytest.mark.parametrize(
    "path",
    [
        "/jobs/requests/next",
        "/jobs/requests/tasks/x/submit",
        "/jobs/requests/tasks/x/skip",
        "/jobs/requests/tasks/x/decline",
    ],
)
def test_nothing_is_done_without_signing_in(portal, path):
    assert portal.post(path, json=ANSWER).status_code == 401


def test_a_cookie_that_the_portal_did_not_sign_is_worth_nothing(worker, cloud):
    payload, _, signature = worker.cookies["worker-session"].partition(".")
    claims = json.loads(base64.urlsafe_b64decode(payload))
    forged = base64.urlsafe_b64encode(json.dumps({**claims, "email": "boss@example.com"}).encode()).decode()
    for cookie in (f"{forged}.{signature}", f"{payload}.", payload, f"{payload}.ü"):
        headers = {"Accept": "application/json", "Cookie": f"worker-session={cookie}".encode("latin-1", "replace")}
        assert httpx.get(f"{cloud.portal}/jobs", headers=headers, trust_env=False).status_code == 401


def test_the_session_ends_with_the_sign_out(worker):
    kept = dict(worker.cookies)
    worker.post("/logout", json={})
    assert worker.get("/jobs").status_code == 401
    worker.cookies.update(kept)  # whoever has copied the cookie is signed out too
    assert worker.get("/jobs").status_code == 401


def test_a_body_nested_without_end_is_refused(portal, cloud):
    deep = "[" * 200_000
    assert portal.post("/login", content=deep, headers={"Content-Type": "application/json"}).status_code == 400


def test_another_sites_page_cannot_post_in_the_workers_name(worker, job):
    for origin in ("https://evil.example", "null", "http://127.0.0.1:1"):
        refused = worker.post(f"/jobs/{job}/next", headers={"Origin": origin})
        assert refused.status_code == 403
        assert origin in refused.json()["error"]


def test_the_portal_answers_to_its_own_name_only(portal):
    assert portal.get("/login", headers={"Host": "evil.example"}).status_code == 400


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(portal):
    answer = portal.post("/login", json={"email": WORKERS[0], "password": PASSWORD})
    assert "HttpOnly" in answer.headers["set-cookie"]
    assert "samesite=strict" in answer.headers["set-cookie"].lower()


def test_a_worker_of_no_team_sees_no_job(portal, client, workforce, job):
    client("cognito-idp").admin_set_user_password(
        UserPoolId=workforce.user_pool, Username=OUTSIDER, Password=PASSWORD, Permanent=True
    )
    assert portal.post("/login", json={"email": OUTSIDER, "password": PASSWORD}).is_success
    assert portal.get("/jobs").json() == {"jobs": []}
    assert portal.post(f"/jobs/{job}/next").status_code == 404


def test_a_task_is_out_of_reach_of_other_workers(worker, job, cloud):
    task = next_task(worker, job)
    with httpx.Client(base_url=cloud.portal, trust_env=False, headers={"Accept": "application/json"}) as other:
        other.post("/login", json={"email": WORKERS[1], "password": PASSWORD})
        assert other.get(f"{task['path']}").status_code == 404
        for verb in ("submit", "skip", "decline"):
            assert other.post(f"{task['path']}/{verb}", json=ANSWER).status_code == 404
    assert next_task(worker, job)["id"] == task["id"]


@pytest.mark.parametrize(
    ("content", "complaint"),
    [(b"{", "not valid JSON"), (b"[]", "must be a JSON object"), (b"{}", "crowd-image-classifier")],
)
def test_a_body_that_is_no_answer_is_refused(worker, job, content, complaint):
    headers = {"Content-Type": "application/json"}
    answer = worker.post(f"{next_task(worker, job)['path']}/submit", content=content, headers=headers)
    assert answer.status_code == 400
    assert complaint in answer.json()["error"]


def test_a_body_beyond_all_measure_is_refused(worker, job):
    answer = worker.post("/login", content=b"x" * 2_000_001, headers={"Content-Type": "application/json"})
    assert answer.status_code == 413


@pytest.mark.parametrize(
    ("email", "password", "words"),
    [
        (WORKERS[0], "wrong", "Incorrect username or password."),
        ("nobody@example.com", PASSWORD, "User does not exist."),
    ],
)
def test_a_failed_sign_in_says_what_cognito_says(portal, email, password, words):
    answer = portal.post("/login", json={"email": email, "password": password})
    assert (answer.status_code, answer.json()["error"]) == (401, words)


def test_a_missing_field_is_named(portal):
    answer = portal.post("/login", json={"email": WORKERS[0]})
    assert (answer.status_code, answer.json()["error"]) == (400, "The field password is missing.")


def test_what_the_portal_shows_is_escaped(portal):
    fields = {"email": '"><script>1</script>', "password": "x"}
    page = portal.post("/login", data=fields, headers={"Accept": "text/html"})
    assert "&gt;&lt;script&gt;" in page.text
    assert "<script>1</script>" not in page.text
    assert "default-src 'self'" in page.headers["content-security-policy"]
