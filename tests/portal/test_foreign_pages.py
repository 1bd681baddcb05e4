"""A page of another origin, in a real browser: it may neither use the local cloud nor the worker portal."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator

import pytest

CREATE = "Action=CreateQueue&QueueName=made-by-a-page&Version=2012-11-05"
ATTEMPTS = """async ({ endpoint, portal, query }) => {
  const kind = { "Content-Type": "text/plain" };
  const form = { "Content-Type": "application/x-www-form-urlencoded" };
  const tries = {
    form: () => fetch(endpoint, { method: "POST", mode: "no-cors", headers: form, body: query }),
    text: () => fetch(`${endpoint}/?${query}`, { method: "POST", mode: "no-cors", headers: kind, body: "" }),
    link: () => fetch(`${endpoint}/?${query}`, { mode: "no-cors" }),
    read: () => fetch(`${endpoint}/_kempelen/inventory`).then((answer) => answer.text()),
    ask: () => fetch(`${endpoint}/bucket/key`, { method: "PUT", headers: { "x-amz-acl": "private" }, body: "" }),
    portal: () => fetch(`${portal}/jobs`, { credentials: "include" }).then((answer) => answer.text()),
  };
  const picture = new Promise((done) => {
    const image = new Image();
    image.onload = image.onerror = done;
    image.src = `${endpoint}/?${query}`;
  });
  const frame = document.body.appendChild(document.createElement("iframe"));
  frame.sandbox = "allow-scripts";
  frame.srcdoc = `<script>fetch("${endpoint}/_kempelen/inventory").then((a) => a.text())
    .then((text) => parent.postMessage("read " + text, "*"), () => parent.postMessage("blocked", "*"))</script>`;
  const framed = new Promise((done) => addEventListener("message", ({ data }) => done(data)));
  const outcomes = { framed: await framed };
  for (const [name, attempt] of Object.entries(tries)) {
    outcomes[name] = await attempt().then((answer) => answer.type || "read", () => "blocked");
  }
  await picture;
  return outcomes;
}"""


@pytest.fixture
def foreign_page() -> Iterator[str]:
    """The address of an empty page of an origin that is neither the endpoint's nor the portal's."""

    class Page(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(b"<!doctype html><title>foreign</title><body></body>")

        def log_message(self, *_arguments: object) -> None:
            """Quiet."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Page) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://localhost:{server.server_port}/"
        server.shutdown()


def test_a_foreign_page_makes_and_reads_nothing(page, cloud, client, foreign_page):
    page.goto(foreign_page)
    addresses = {"endpoint": cloud.endpoint, "portal": cloud.portal, "query": CREATE}
    outcomes = page.evaluate(ATTEMPTS, addresses)
    assert {name: outcomes[name] for name in ("read", "ask", "portal", "framed")} == dict.fromkeys(
        ("read", "ask", "portal", "framed"), "blocked"
    )
    assert client("sqs").list_queues(QueueNamePrefix="made-by-a-page").get("QueueUrls", []) == []


def test_a_link_on_a_foreign_page_makes_nothing(page, cloud, client, foreign_page):
    page.goto(foreign_page)
    page.evaluate("(address) => location.assign(address)", f"{cloud.endpoint}/?{CREATE}")
    page.wait_for_url(f"{cloud.endpoint}/**")
    assert "may not use the local cloud" in page.locator("body").inner_text()
    assert client("sqs").list_queues(QueueNamePrefix="made-by-a-page").get("QueueUrls", []) == []
