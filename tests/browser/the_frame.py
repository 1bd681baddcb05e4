"""A task's interface in a sandboxed frame, as the worker portal shows it, and what the frame posts to it."""

from __future__ import annotations

import html
import io
import json
import math
import threading
import wave
from array import array
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw
from playwright.sync_api import FrameLocator, Page, expect

from portal import elements_script

STATIC = Path(__file__).parents[2] / "portal" / "static"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'unsafe-inline'; img-src *; media-src *; connect-src *; "
    "sandbox allow-scripts allow-forms"
)
WIDTH, HEIGHT = 1200, 800
SECONDS = 12

OUTER = """<!doctype html><meta name="viewport" content="width=device-width"><title>Task</title>
<style>html, body {{ height: 100%; margin: 0 }}
iframe {{ width: 100%; height: 100%; border: 0; display: block }}</style>
<script src="/collect.js"></script>
<iframe id="interface" title="Task" src="{source}" sandbox="allow-scripts allow-forms"></iframe>"""
INNER = """<script src="/static/crowd-html-elements.js"></script>
<crowd-form>{template}</crowd-form>"""
# As the portal's own script: the frame has the focus, and hears of keys that are pressed outside it.
COLLECT = """
window.posted = [];
window.addEventListener("message", (event) => window.posted.push(event.data));
window.addEventListener("load", () => document.querySelector("iframe").focus());
window.addEventListener("keydown", (event) => {
  document.querySelector("iframe").contentWindow.postMessage({ kempelen: "key", key: event.key }, "*");
});
"""


@dataclass
class Site:
    """The address of the server and the templates that it serves, by number."""

    address: str = ""
    templates: list[str] = field(default_factory=list)

    def add(self, template: str) -> str:
        self.templates.append(template)
        return f"{self.address}/outer/{len(self.templates) - 1}"


class _Handler(SimpleHTTPRequestHandler):
    def __init__(self, *arguments: Any, site: Site, media: dict[str, bytes], **options: Any) -> None:
        self.site, self.media = site, media
        super().__init__(*arguments, directory=str(STATIC), **options)

    def log_message(self, *arguments: Any) -> None:
        pass

    def do_GET(self) -> None:
        parts = self.path.split("/")
        if parts[1:] == ["static", elements_script.NAME]:
            self._answer(elements_script.elements_script().encode(), "text/javascript")
        elif parts[1] == "static":
            self.path = self.path.removeprefix("/static")
            super().do_GET()
        elif parts[1] == "outer":
            self._answer(OUTER.format(source=f"/inner/{parts[2]}").encode(), "text/html; charset=utf-8")
        elif parts[1] == "inner":
            body = INNER.format(template=self.site.templates[int(parts[2])])
            self._answer(body.encode(), "text/html; charset=utf-8", {"Content-Security-Policy": POLICY})
        elif self.path == "/collect.js":
            self._answer(COLLECT.encode(), "text/javascript")
        elif self.path in self.media:
            kind = "image/png" if self.path.endswith(".png") else "audio/wav"
            # As S3: only who says where it comes from is told that it may read.
            allowed = {"Access-Control-Allow-Origin": "*"} if self.headers.get("Origin") else {}
            self._answer(self.media[self.path], kind, allowed)
        else:
            self.send_error(404)

    def _answer(self, body: bytes, kind: str, headers: dict[str, str] | None = None) -> None:
        """All of it, or the range that a player asks for when it seeks."""
        start, end = 0, len(body)
        asked = self.headers.get("Range")
        if asked:
            first, _, last = asked.removeprefix("bytes=").partition("-")
            start, end = int(first), int(last) + 1 if last else len(body)
        self.send_response(206 if asked else 200)
        if asked:
            self.send_header("Content-Range", f"bytes {start}-{end - 1}/{len(body)}")
        for name, value in {"Content-Type": kind, "Accept-Ranges": "bytes", **(headers or {})}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(end - start))
        self.end_headers()
        self.wfile.write(body[start:end])


def picture() -> bytes:
    image = Image.new("RGB", (WIDTH, HEIGHT), "#7fa3b8")
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 560, WIDTH, HEIGHT), fill="#6f8f4e")
    draw.rectangle((300, 200, 700, 600), fill="#b5532f")
    draw.ellipse((800, 420, 1040, 660), fill="#e8c547")
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


def sound() -> bytes:
    rate = 8000
    loudness = [abs(math.sin(index / rate * 1.7)) for index in range(rate * SECONDS)]
    samples = array("h", (int(9000 * loud * math.sin(index * 0.35)) for index, loud in enumerate(loudness)))
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setnchannels(1)
        writer.setsampwidth(2)
        writer.setframerate(rate)
        writer.writeframes(samples.tobytes())
    return file.getvalue()


@contextmanager
def serving() -> Iterator[Site]:
    site = Site()
    media = {"/picture.png": picture(), "/sound.wav": sound(), "/broken.wav": b"this is no sound"}
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, site=site, media=media))
    site.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield site
    server.shutdown()
    server.server_close()
    thread.join()


def attribute(value: Any) -> str:
    """JSON as the value of an HTML attribute in double quotes."""
    return html.escape(json.dumps(value, ensure_ascii=False))


def frame(page: Page) -> FrameLocator:
    return page.frame_locator("#interface")


def submit_button(page: Page) -> Any:
    return frame(page).get_by_role("button", name="Submit", exact=True)


def answers(page: Page) -> list[dict[str, Any]]:
    return list(page.evaluate("posted.filter((data) => data.kempelen === 'submit').map((data) => data.answer)"))


def forwarded_keys(page: Page) -> list[str]:
    """The keys that the portal hears of: S skips a task there, U takes the last answer back."""
    return list(page.evaluate("posted.filter((data) => data.kempelen === 'key').map((data) => data.key)"))


def answer(page: Page) -> dict[str, Any]:
    """The one answer that was posted."""
    page.wait_for_function("posted.some((data) => data.kempelen === 'submit')")
    (found,) = answers(page)
    return found


def submit(page: Page) -> dict[str, Any]:
    expect(submit_button(page)).to_be_enabled()
    submit_button(page).click()
    return answer(page)


def overflows(page: Page) -> bool:
    """Whether anything must be scrolled sideways."""
    inner = page.frames[1]
    return bool(
        inner.evaluate(
            """() => [document.documentElement, document.body, document.querySelector('crowd-form')]
            .some((element) => element.scrollWidth > element.clientWidth)"""
        )
    )
